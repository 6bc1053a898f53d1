import type { CallResult, CalloutCall, CalloutColour, CalloutCount, CalloutDetail, CalloutMeans, CalloutPerson, CalloutTarget, CalloutTier, TargetDetail, WarningTold } from '@/api/callouts'
import type { Event } from '@/api/events'

export type Step = 'warned' | 'called' | 'acted' | 'fed_back' | 'verified'
export const STEPS: readonly Step[] = ['warned', 'called', 'acted', 'fed_back', 'verified']
/** How a step of a village stands: done, late or wrong, still owed, not asked for. */
export type StepState = 'done' | 'late' | 'bad' | 'owed' | 'none'

/** The results of a call in the order of their keys 1 to 6. */
export const RESULTS: readonly CallResult[] = ['answered', 'no_answer', 'busy', 'wrong_number', 'refused', 'failed']
export const MEANS: readonly CalloutMeans[] = ['phone', 'sms', 'radio_370', 'satellite_phone', 'beidou', 'broadcast', 'messenger', 'face_to_face', 'app']
export const COLOURS: readonly CalloutColour[] = ['red', 'orange', 'yellow', 'blue']

/** How one step of a village stands now. */
export function stepOf(one: CalloutTarget, step: Step): StepState {
  switch (step) {
    case 'warned':
      return one.warned_at === null ? 'owed' : 'done'
    case 'called':
      return one.standing === 'answered' ? 'done' : one.standing === 'late' ? 'late' : one.standing === 'silent' ? 'bad' : 'owed'
    case 'acted':
      return one.acted_at === null ? 'owed' : 'done'
    case 'fed_back':
      return one.fed_back_at !== null ? 'done' : one.feedback_asked_at !== null ? 'bad' : 'owed'
    default:
      return !one.drawn ? 'none' : one.outcome === 'agrees' ? 'done' : one.outcome === null ? 'owed' : 'bad'
  }
}

export interface Filter {
  readonly tier: CalloutTier
  readonly silentOnly: boolean
  readonly township: string
}

/** The targets of a tab; those that need somebody first, otherwise as they are listed. */
export function shownOf(targets: readonly CalloutTarget[], filter: Filter): CalloutTarget[] {
  const rank = (one: CalloutTarget): number => (one.outcome === 'not_passed_on' ? 0 : one.standing === 'silent' ? 1 : one.standing === 'waiting' ? 2 : 3)
  return targets
    .filter((one) => one.tier === filter.tier && (!filter.silentOnly || one.answered_at === null) && (filter.township === '' || one.township_code === filter.township))
    .sort((a, b) => rank(a) - rank(b) || a.ordinal - b.ordinal)
}

export const countOf = (counts: readonly CalloutCount[], tier: CalloutTier): CalloutCount | null => counts.find((c) => c.tier === tier && c.township_code === null) ?? null

/** Counts the targets of a round anew: what an event changed is counted without asking the server. */
export function recount(targets: readonly CalloutTarget[]): CalloutCount[] {
  const by = new Map<string, CalloutTarget[]>()
  for (const one of targets) {
    for (const key of one.tier === 'village' ? [`${one.tier} `, `${one.tier} ${one.township_code}`] : [`${one.tier} `]) by.set(key, [...(by.get(key) ?? []), one])
  }
  const how = (of: readonly CalloutTarget[], is: (one: CalloutTarget) => boolean): number => of.filter(is).length
  return [...by].map(([key, of]) => {
    const [tier, town] = key.split(' ') as [CalloutTier, string]
    return {
      tier,
      township_code: town === '' ? null : town,
      total: of.length,
      waiting: how(of, (o) => o.standing === 'waiting'),
      answered: how(of, (o) => o.answered_at !== null),
      late: how(of, (o) => o.standing === 'late'),
      silent: how(of, (o) => o.standing === 'silent'),
      warned: how(of, (o) => o.warned_at !== null),
      acted: how(of, (o) => o.acted_at !== null),
      fed_back: how(of, (o) => o.fed_back_at !== null),
      drawn: how(of, (o) => o.drawn),
      agreed: how(of, (o) => o.outcome === 'agrees'),
      not_passed_on: how(of, (o) => o.outcome === 'not_passed_on'),
    }
  })
}

/** The targets an event of call-and-respond carries. */
export function targetsIn(event: Event): readonly CalloutTarget[] {
  if (!event.type.startsWith('callout.')) return []
  if ('targets' in event) return event.targets as CalloutTarget[]
  return 'target' in event ? [event.target as CalloutTarget] : []
}

/** A round after an event: rows are replaced, counts follow. Null when the round must be read anew. */
export function afterEvent(round: CalloutDetail, event: Event): CalloutDetail | null {
  const changed = new Map(targetsIn(event).map((one) => [one.id, one]))
  if (changed.size === 0) return event.type.startsWith('callout.') && 'callout' in event && event.callout.id === round.id ? null : round
  if (!round.targets.some((one) => changed.has(one.id))) return round
  const targets = round.targets.map((one) => changed.get(one.id) ?? one)
  return { ...round, targets, counts: recount(targets) }
}

/** Passing time alone turns a waiting place into a silent one. */
export function atTime(round: CalloutDetail, nowMs: number): CalloutDetail {
  if (!round.targets.some((one) => one.standing === 'waiting' && Date.parse(one.due_at) < nowMs)) return round
  const targets = round.targets.map((one): CalloutTarget => (one.standing === 'waiting' && Date.parse(one.due_at) < nowMs ? { ...one, standing: 'silent' } : one))
  return { ...round, targets, counts: recount(targets) }
}

/** Whom the desk calls next: whoever a task names, else the first of the list that was not called yet. */
export function nextPerson(detail: TargetDetail): CalloutPerson | null {
  const task = detail.all_calls.find((c) => c.result === 'due' && c.purpose === 'call' && c.person_row_id !== null)
  if (task !== undefined) return detail.people.find((p) => p.id === task.person_row_id) ?? null
  const called = new Set(detail.all_calls.filter((c) => c.result !== 'sent').map((c) => c.person_row_id))
  return detail.people.find((p) => !called.has(p.id)) ?? detail.people[0] ?? null
}

export const numberOf = (person: CalloutPerson | null, means: CalloutMeans): string => {
  if (person === null) return ''
  if (means === 'radio_370') return person.call_sign
  if (means === 'satellite_phone') return person.satellite_number
  if (means === 'beidou') return person.beidou_number
  return means === 'sms' ? person.mobile : means === 'phone' ? (person.phones[0] ?? '') : ''
}

/** Calls as they are read: tasks first, then what was done, the last first. */
export const callsShown = (calls: readonly CalloutCall[]): CalloutCall[] => [...calls].sort((a, b) => Number(b.result === 'due') - Number(a.result === 'due') || b.id - a.id)

/** The places a warning names. */
export const placesOf = (told: WarningTold): string[] =>
  (told.units ?? []).map((unit) => (typeof unit === 'string' ? unit : (unit.region_code ?? unit.code ?? ''))).filter((code) => /^\d{12}$/.test(code))
export const colourOf = (told: WarningTold): CalloutColour => COLOURS.find((c) => c === told.colour) ?? 'red'
