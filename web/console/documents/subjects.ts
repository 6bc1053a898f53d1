import { documentsApi, type MadeKind } from '@/api/documents'
import { dayOf, shortDay } from '@/model/time'

/** What a document may be of: its number, and how a person knows it. `part`: one of several of it. */
export interface Subject {
  readonly id: number
  readonly part: string
  readonly text: string
}
/** How the part is asked: by the list, a day, a month; `one`: there is nothing to choose. */
export type PartField = 'list' | 'day' | 'month'

interface Source {
  readonly path: string
  readonly part: PartField
  readonly read: (row: Row) => Subject[]
}
type Row = Record<string, unknown>

const n = (value: unknown): number => Number(value)
const s = (...values: unknown[]): string => values.filter((v) => typeof v === 'string' || typeof v === 'number').join(' ')
const one = (id: unknown, ...text: unknown[]): Subject[] => [{ id: n(id), part: '', text: s(...text) }]
const VOICES = ['telephone', 'duty_line', 'satellite_phone', 'radio', 'radio_370']

const incident = (row: Row): Subject[] => one(row.id, row.number, row.title)
const post = (row: Row): Subject[] => one(row.id, row.name)
function tellings(row: Row): Subject[] {
  const told = (row.tellings ?? []) as { whom: string; channel: string; told_at: string }[]
  return told.flatMap((t, k) => (VOICES.includes(t.channel) ? [{ id: n(row.id), part: String(k + 1), text: s(row.number, t.whom, shortDay(t.told_at)) }] : []))
}
const INCIDENTS = ['/api/incidents?state=open', '/api/incidents?state=closed']
const EVACUATIONS: Source = { path: '/api/evacuations', part: 'list', read: (r) => one(r.id, r.incident_number, r.reason) }

const SOURCES: Record<MadeKind, Source> = {
  call_record: { path: 'incidents', part: 'list', read: incident },
  damage_table: { path: 'incidents', part: 'list', read: incident },
  phone_record: { path: 'incidents', part: 'list', read: tellings },
  instruction_form: { path: '/api/instructions?closed=true', part: 'list', read: (r) => one(r.id, r.leader_name, r.text) },
  order: { path: '/api/orders?state=all', part: 'list', read: (r) => (r.number === null ? [] : one(r.id, r.number, r.title)) },
  transfer: { path: '/api/supplies/transfers', part: 'list', read: (r) => one(r.id, r.number, r.to_name) },
  roster: { path: '/api/duty/now', part: 'month', read: post },
  duty_log: { path: '/api/duty/now', part: 'day', read: post },
  handover: { path: '/api/handovers', part: 'list', read: (r) => one(r.id, r.post_name, dayOf(String(r.change_at))) },
  status_summary: { path: '/api/status-calls', part: 'list', read: (r) => Array.from({ length: n(r.summaries ?? 0) }, (_, k) => ({ id: n(r.id), part: String(k + 1), text: `${s(r.title)} v${k + 1}` })) },
  circular: { path: '/api/spot-checks', part: 'list', read: (r) => one(r.id, r.title ?? r.name ?? r.id) },
  standby_sheet: { path: '', part: 'month', read: () => [] },
  call_and_respond_record: { path: '/api/call-and-respond', part: 'list', read: (r) => one(r.id, r.title) },
  standby_daily: { path: '', part: 'day', read: () => [] },
  evacuation_list: EVACUATIONS,
  evacuation_return: EVACUATIONS,
}

/** Of the county as a whole, not of one thing in it. */
export const isOfCounty = (kind: MadeKind): boolean => SOURCES[kind].path === ''

export const MADE_KINDS = Object.keys(SOURCES) as MadeKind[]
export const partField = (kind: MadeKind): PartField => SOURCES[kind].part

/** Everything a document of a kind can be of now, at most a few hundred. */
export async function subjectsOf(kind: MadeKind): Promise<Subject[]> {
  const source = SOURCES[kind]
  if (source.path === '') return [{ id: 1, part: '', text: '' }]
  const paths = source.path === 'incidents' ? INCIDENTS : [source.path]
  const told = await Promise.all(paths.map((path) => documentsApi.rows<Row[]>(path)))
  return told.flat().flatMap(source.read)
}
