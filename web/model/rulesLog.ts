import type { Event } from '@/api/events'

/** What happens to the versions of the rules of reporting. */
export type RulesEvent = Extract<Event, { type: `reporting_rules.${string}` }>
export const isRules = (event: Event): event is RulesEvent => event.type.startsWith('reporting_rules.')

const SAID: Record<RulesEvent['type'], readonly [zh: string, en: string]> = {
  'reporting_rules.drafted': ['起草报送规则', 'Reporting rules drafted:'],
  'reporting_rules.edited': ['修改报送规则草稿', 'Draft of the reporting rules changed:'],
  'reporting_rules.published': ['发布报送规则', 'Reporting rules published:'],
  'reporting_rules.dropped': ['作废报送规则', 'Reporting rules dropped:'],
  'reporting_rules.taken_up': ['在办事件已按新规则重新推算', 'Open incidents reckoned by new rules:'],
}

/** The log's line in both languages; a publication is loud: deadlines may have changed. */
export function rulesLine(event: RulesEvent): [zh: string, en: string, loud: boolean] {
  const { number, label } = event.rules
  const told = event.type === 'reporting_rules.taken_up' ? String(event.incidents) : event.words
  const why = told === '' ? ['', ''] : [`：${told}`, `: ${told}`]
  const [zh, en] = SAID[event.type]
  return [`${zh} 第${number}版 ${label}${why[0]}`, `${en} version ${number} ${label}${why[1]}`, event.type === 'reporting_rules.published']
}
