import { newKey } from '@/api/client'
import { lastAt } from '@/model/ring'
import { serverNow } from '@/ui/clock'
import type { AlarmConfirmIn, AlarmFact, Caller, Casualties, EventType, IncidentFact, IncidentIn, Region } from '@/api/types'

/** What has been typed so far; kept on this machine until it is sent or cleared: neither a reload, a closed
 * window nor a login that ended overnight loses it. Another account on the machine does not find it. */
export interface Draft {
  /** One call, one incident: a second click on submit must not open a second one. */
  key: string
  openedAt: string
  region: Pick<Region, 'code' | 'name'> | null
  placeText: string
  lon: number | null
  lat: number | null
  type: Pick<EventType, 'scheme' | 'code' | 'name_zh' | 'name_en'> | null
  typeText: string
  source: IncidentFact['source']
  level: number
  lifeThreat: boolean
  address: string
  description: string
  callers: Caller[]
  rang: Rang
  casualties: Casualties
}

/** How the call on the desk's own line was taken: when it began to ring, when it was taken (HH:MM:SS), how often it rang. */
export interface Rang {
  began: string
  taken: string
  rings: number | null
}
export const NOT_TOLD: Rang = { began: '', taken: '', rings: null }

export const NOBODY: Casualties = {
  dead: null,
  missing: null,
  trapped: null,
  seriously_injured: null,
  slightly_injured: null,
  at_risk: null,
  evacuated: null,
  homes: null,
  loss: null,
  loss_at_risk: null,
  area: null,
  magnitude: null,
}

const GENERAL = 4
const STORED = 'zhishou.intake'

export const emptyDraft = (openedAt: string): Draft => ({
  key: newKey(),
  openedAt,
  region: null,
  placeText: '',
  lon: null,
  lat: null,
  type: null,
  typeText: '',
  source: 'telephone',
  level: GENERAL,
  lifeThreat: false,
  address: '',
  description: '',
  callers: [{ name: '', phone: '', words: '' }],
  rang: { ...NOT_TOLD },
  casualties: { ...NOBODY },
})

/** A call is known by its number, and by its name when the register knows the number. */
export function callDraft(call: AlarmFact, openedAt: string): Draft {
  return { ...emptyDraft(openedAt), callers: [{ name: call.text, phone: call.subject, words: '' }] }
}

/** What is typed for a call and what is typed for none do not disturb each other. */
export type Call = AlarmFact | null

export const blankDraft = (call: Call, openedAt: string): Draft =>
  call === null ? emptyDraft(openedAt) : callDraft(call, openedAt)

/** Whose forms are kept: the next officer at this machine does not write over them. */
let owner = 0
export const draftsOf = (accountId: number): void => void (owner = accountId)

/** Two windows of one officer take two calls: each has its own shelf, and the form of a closed one is found by the next. */
const WINDOW = sessionStorage.getItem(STORED) ?? newKey()
sessionStorage.setItem(STORED, WINDOW)
/** A window that was closed says so; one that died is given up after this. */
const HELD_MS = 90_000

interface Kept {
  readonly draft: Draft
  /** Until when the window that writes it is taken to live. */
  readonly heldUntil: number
}

const shelves = (call: Call): string => `${STORED}.${owner}.${call === null ? 'new' : `call.${call.id}`}.`
const shelf = (call: Call): string => shelves(call) + WINDOW
const read = (key: string): Kept | null => JSON.parse(localStorage.getItem(key) ?? 'null') as Kept | null
const write = (call: Call, draft: Draft, heldUntil: number): void => localStorage.setItem(shelf(call), JSON.stringify({ draft, heldUntil } satisfies Kept))

/** This window's own form, or the latest that no window holds any more. */
export function loadDraft(call: Call): Draft | null {
  const prefix = shelves(call)
  const left = Object.keys(localStorage)
    .filter((key) => key.startsWith(prefix) && key !== shelf(call) && (read(key)?.heldUntil ?? 0) < Date.now())
    .sort((a, b) => (read(a)?.draft.openedAt ?? '').localeCompare(read(b)?.draft.openedAt ?? ''))
    .at(-1)
  const kept = read(shelf(call)) ?? (left === undefined ? null : read(left))
  if (kept === null) return null
  if (left !== undefined && read(shelf(call)) === null) localStorage.removeItem(left)
  const draft = { ...emptyDraft(kept.draft.openedAt), ...kept.draft, rang: { ...NOT_TOLD, ...kept.draft.rang }, casualties: { ...NOBODY, ...kept.draft.casualties } }
  write(call, draft, Date.now() + HELD_MS)
  return draft
}

/** A form only looked at is not worth keeping. */
export function keepDraft(draft: Draft, call: Call): void {
  const blank = blankDraft(call, draft.openedAt)
  const touched = JSON.stringify({ ...draft, key: '' }) !== JSON.stringify({ ...blank, key: '' })
  if (touched) write(call, draft, Date.now() + HELD_MS)
  else dropDraft(call)
}

/** The form goes on being held while nobody types, and is let go when it is closed with its window. */
export function holdDraft(call: Call, held: boolean): void {
  const kept = read(shelf(call))
  if (kept !== null) write(call, kept.draft, held ? Date.now() + HELD_MS : 0)
}

export const dropDraft = (call: Call): void => localStorage.removeItem(shelf(call))

export type Missing = 'place' | 'type'

export function missing(draft: Draft): Missing[] {
  return [...(draft.region === null ? (['place'] as const) : []), ...(draft.type === null ? (['type'] as const) : [])]
}

const spoke = (caller: Caller): boolean => `${caller.name}${caller.phone}${caller.words}`.trim() !== ''

/** Who called, the first of them with how his call was taken; of a call nobody named, the ringing alone. */
function withRing(draft: Draft): Caller[] {
  const now = serverNow()
  const rang = { ring_began_at: lastAt(draft.rang.began, now), answered_at: lastAt(draft.rang.taken, now), rings: draft.rang.rings }
  const named = draft.callers.filter(spoke)
  if (draft.source !== 'telephone' || Object.values(rang).every((one) => one === null)) return named
  const [first = { name: '', phone: '', words: '' }, ...others] = named
  return [{ ...first, ...rang }, ...others]
}

/** The request, or null while something needed is missing. */
export function toIncident(draft: Draft): IncidentIn | null {
  if (draft.region === null || draft.type === null) return null
  return {
    event_scheme: draft.type.scheme,
    event_code: draft.type.code,
    initial_level: draft.level,
    life_threat: draft.lifeThreat,
    source: draft.source,
    region_code: draft.region.code,
    address: draft.address.trim(),
    lon: draft.lon,
    lat: draft.lat,
    description: draft.description.trim(),
    callers: withRing(draft),
    casualties: draft.casualties,
    received_at: draft.openedAt,
  }
}

/** What a call becomes: the server knows itself that it came by telephone, and when. */
export function toConfirmation(body: IncidentIn): AlarmConfirmIn {
  const known: Partial<IncidentIn> = { ...body }
  delete known.source
  delete known.received_at
  return known
}
