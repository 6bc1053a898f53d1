import { newKey } from '@/api/client'
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
  casualties: Casualties
}

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

const shelf = (call: Call): string => `${STORED}.${owner}${call === null ? '' : `.call.${call.id}`}`

export function loadDraft(call: Call): Draft | null {
  const text = localStorage.getItem(shelf(call))
  if (text === null) return null
  const kept = JSON.parse(text) as Draft
  return { ...emptyDraft(kept.openedAt), ...kept, casualties: { ...NOBODY, ...kept.casualties } }
}

/** A form only looked at is not worth keeping. */
export function keepDraft(draft: Draft, call: Call): void {
  const blank = blankDraft(call, draft.openedAt)
  const touched = JSON.stringify({ ...draft, key: '' }) !== JSON.stringify({ ...blank, key: '' })
  if (touched) localStorage.setItem(shelf(call), JSON.stringify(draft))
  else dropDraft(call)
}

export const dropDraft = (call: Call): void => localStorage.removeItem(shelf(call))

export type Missing = 'place' | 'type'

export function missing(draft: Draft): Missing[] {
  return [...(draft.region === null ? (['place'] as const) : []), ...(draft.type === null ? (['type'] as const) : [])]
}

const spoke = (caller: Caller): boolean => `${caller.name}${caller.phone}${caller.words}`.trim() !== ''

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
    callers: draft.callers.filter(spoke),
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
