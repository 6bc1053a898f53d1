import { t, type Key } from '@/i18n'

/** A key cap and the word of what it does. */
export type HelpKey = readonly [cap: string, text: Key]

const ROWS: readonly HelpKey[] = [['↑ ↓', 'key.rows'], ['Enter', 'key.openRow']]
const SEARCH: readonly HelpKey[] = [['/', 'key.search']]

const TO_DESK: HelpKey = ['E', 'page.desk']

/** What the keys of a page do beside those of every page: tabs, search, the desk. */
const HELP = {
  desk: [['/', 'palette.title'], ['A', 'key.ack'], ['Enter', 'key.open'], ['D', 'key.dispatch'], ['J', 'dispatch.joint'], ['1–9', 'key.tick'], ['N', 'key.new'], ['E', 'page.devices'], ['G', 'key.follow'], ['C', 'map.copy'], ['L', 'key.hold'], ['V', 'key.available'], ['B', 'dark.late'], ['P', 'dark.print'], ['↑ ↓', 'key.move']],
  'duty.now': [['1–5', 'key.tabs'], ...SEARCH],
  'duty.roster': [['1–5', 'key.tabs'], ['← → ↑ ↓', 'key.cells'], ['Home End', 'key.ends'], ['Enter', 'roster.key.pick'], ['Delete', 'roster.key.clear'], ['Ctrl+C', 'roster.key.copy'], ['Ctrl+V', 'roster.key.paste'], ['Ctrl+Z', 'roster.key.undo'], ['Ctrl+Y', 'key.redo'], ['Ctrl+S', 'roster.key.save']],
  'duty.mine': [['1–5', 'key.tabs'], ['↑ ↓', 'key.decisions'], ['A', 'decide.approve'], ['R', 'decide.refuse']],
  'duty.posts': [['1–5', 'key.tabs'], ['← →', 'key.order']],
  'duty.calendar': [['1–5', 'key.tabs'], ['[', 'calendar.before'], [']', 'calendar.after']],
  'people.people': [['1–5', 'key.tabs'], ...SEARCH, ...ROWS],
  'people.groups': [['1–5', 'key.tabs']],
  'people.places': [['1–5', 'key.tabs'], ...SEARCH],
  'people.teams': [['1–5', 'key.tabs'], ...SEARCH],
  'people.partners': [['1–5', 'key.tabs'], ['N', 'partner.new']],
  'devices.register': [['1–6', 'key.tabs'], ...SEARCH, ...ROWS],
  'devices.other': [['1–6', 'key.tabs']],
  cameras: [...SEARCH],
  forces: [['1–3', 'key.tabs'], ...SEARCH, ['N', 'force.keyNew']],
  broadcastPlatforms: [['1–3', 'key.tabs']],
  exchange: [['1–3', 'key.tabs']],
  warnings: [['1–4', 'key.tabs'], ['N', 'warning.new']],
  incidents: [['1–2', 'key.tabs']],
  documents: [['1–3', 'key.tabs'], ['N', 'document.file'], ['Enter', 'key.openRow']],
  readiness: [['1–3', 'key.tabs']],
  callouts: [['N', 'callout.new'], ['↑ ↓', 'callout.keyRows'], ['Z X C', 'callout.keyTiers'], ['F', 'callout.keyFilter'], ['G', 'callout.keyGrid'], ['1–6', 'callout.keyResult']],
  statusCalls: [['N', 'status.new'], ['R', 'status.remind'], ['S', 'status.keep'], ['↑ ↓', 'status.keyMove'], ['1–4', 'status.keyTabs']],
  meetings: [['N', 'meet.new']],
  reportingRules: [['1–4', 'key.tabs'], ['Ctrl+S', 'rules.save']],
  broadcast: [['1–4', 'key.tabs'], ['N', 'broadcast.new']],
  plans: [['1–2', 'key.tabs'], ...SEARCH, ['N', 'plan.new']],
  response: [['N', 'response.new']],
  drills: [['N', 'drills.new']],
  drones: [['N', 'drones.new']],
  tasks: [],
  shelters: [['1–3', 'key.tabs'], ['↑ ↓', 'evac.keyMove'], ['Space', 'evac.tick'], ['D', 'evac.door'], ['R', 'evac.refuse'], ['U', 'evac.undo'], ['P', 'evac.add'], ['H', 'evac.home.do']],
  dark: [['1–5', 'key.tabs'], ['↑ ↓', 'dark.key.rows'], ['B', 'dark.late'], ['P', 'dark.print']],
  supplies: [['1–4', 'key.tabs'], ['N', 'supply.request']],
  spotChecks: [['1–3', 'key.tabs'], ['↑ ↓', 'key.posts'], ['C', 'key.call'], ['N', 'key.noAnswer'], ['1–9', 'key.rings'], ['J', 'key.connected'], ['P', 'key.nextPerson'], ['W Y L', 'key.questions'], ['A', 'key.allYes'], ['S', 'key.standsIn'], ['Q', 'key.atDesk'], ['B', 'key.logPoor'], ['Enter', 'key.record']],
} satisfies Record<string, readonly HelpKey[]>

export type HelpPage = keyof typeof HELP

/** Caps that do the same everywhere. */
const ALWAYS: readonly HelpKey[] = [['M', 'key.mute'], ['Alt+M', 'key.muteTyping'], ['Alt+A', 'key.ackTyping'], ['Ctrl+K', 'palette.title'], ['Esc', 'key.escape'], ['?', 'key.help']]
const said = (keys: readonly HelpKey[]): { cap: string; text: string }[] => keys.map(([cap, text]) => ({ cap, text: t(text) }))

/** All keys of a page for its help, in the present language. */
export function helpOf(page: HelpPage): { cap: string; text: string }[] {
  return said([...HELP[page], ...(page === 'desk' ? [] : [TO_DESK]), ...ALWAYS])
}

/** The help of a page that names its own keys. */
export const helpWith = (caps: readonly { cap: string; text: string }[]): { cap: string; text: string }[] => [...caps, ...said([TO_DESK, ...ALWAYS])]
