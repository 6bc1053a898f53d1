import type { zhKit } from './zh.kit'

export const enKit: Record<keyof typeof zhKit, string> = {
  'tab.kit': 'Minimum kit',
  'kit.hint': 'Working / required; only what works counts. Click to see the devices.',
  'kit.met': 'Met',
  'kit.unknown': 'Untested',
  'kit.short': 'Short',
  'kit.onlyGaps': 'Gaps only',
  'kit.places': 'Centre, townships, park',
  'kit.teams': 'Teams',
  'kit.villages': 'Villages met (loudspeakers)',
  'kit.missing': '{n} missing',
  'kit.broken': '{n} broken',
  'kit.untested': '{n} untested',
  'kit.why.off': 'out of service',
  'kit.why.failed': 'failed its test',
  'kit.why.silent': 'silent',
  'kit.why.overdue': 'test overdue',
  'kit.why.never': 'never tested',
  'kit.norms': 'Norms and their sources',
}
