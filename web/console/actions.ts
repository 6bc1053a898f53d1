import { api } from '@/api/calls'
import type { AlarmConfirmIn, AlarmFact } from '@/api/types'
import { silence, weightOf } from '@/model/alarms'
import { neighbour, type Selection } from '@/model/queue'
import { serverNow } from '@/ui/clock'
import { attempt } from '@/ui/notice'
import { showDesk, showDevice, showIncident } from './routes'
import { alarms, answering, dispatching, groupedAlarms, incidentsById, may, open, picking, queue, screen, selection, sound, troublesOpen } from './store'
import { silenceAsked } from './statuscalls/asked'

/** The alarm that letters act on: the selected one, or the first that nobody has acknowledged. */
export const alarmAtHand = () =>
  selection.value?.kind === 'alarm'
    ? alarms.value.find((a) => a.id === selection.value?.id)
    : alarms.value.find((a) => a.state === 'open')

export async function acknowledge(id?: number): Promise<void> {
  const alarm = id === undefined ? alarmAtHand() : alarms.value.find((a) => a.id === id)
  if (alarm === undefined || !may('command')) return
  selection.value = { kind: 'alarm', id: alarm.id }
  if (alarm.state === 'open') await attempt(() => api.acknowledgeAlarm(alarm.id))
}

/** Taken from wherever one is: the call for help that has waited longest. */
export async function acknowledgeFirst(): Promise<void> {
  const first = alarms.value.find((a) => a.state === 'open' && weightOf(a) === 'distress')
  if (first !== undefined && may('command')) await attempt(() => api.acknowledgeAlarm(first.id))
}

/** Seen all of them: the troubles of devices, one after the other. */
export const acknowledgeTroubles = (): Promise<void> => acknowledgeAll(groupedAlarms.value.troubles)

/** Seen all of these, one after the other; stops at the first that is refused. */
export async function acknowledgeAll(seen: readonly AlarmFact[]): Promise<void> {
  for (const alarm of seen) {
    if (alarm.state === 'open' && (await attempt(() => api.acknowledgeAlarm(alarm.id))) === undefined) return
  }
}

const confirming = new Set<number>()

/** A real call for help becomes an incident, and the incident lies open for dispatch. */
export async function confirmAlarm(id: number, overrides: AlarmConfirmIn = {}): Promise<void> {
  if (confirming.has(id) || !may('command')) return
  confirming.add(id)
  const incident = await attempt(() => api.confirmAlarm(id, overrides))
  confirming.delete(id)
  if (incident !== undefined) openIncident(incident.id)
}

export function openIncident(id: number): void {
  selection.value = { kind: 'incident', id }
  showIncident(id)
}

/** What Enter means for an alarm: help becomes an incident, a call a form, a trouble its device. */
export function answerAlarm(alarm: AlarmFact): void {
  const weight = weightOf(alarm)
  if (weight === 'distress') void confirmAlarm(alarm.id)
  else if (weight === 'call') void answerCall(alarm)
  else showDevice(alarm.device_id)
}

/** The form opens at once: the caller speaks already. Other desks learn that somebody has taken it. */
export async function answerCall(alarm: AlarmFact): Promise<void> {
  openIntake(alarm)
  await acknowledge(alarm.id)
}

export function openIntake(call: AlarmFact | null = null): void {
  if (!may('command')) return
  answering.value = call
  open.value = 'intake'
}

export function openDispatch(id?: number): void {
  const wanted = id ?? (selection.value?.kind === 'incident' ? selection.value.id : queue.value[0]?.incident.id)
  // What is closed or planned is looked at, not sent to.
  if (wanted !== undefined && incidentsById.value.has(wanted) && may('command')) dispatching.value = wanted
}

export function mute(): void {
  sound.value = silence(sound.value, serverNow())
  silenceAsked()
}

export function move(by: number): void {
  const entries: Selection[] = [
    ...(troublesOpen.value ? alarms.value : groupedAlarms.value.urgent).map((a) => ({ kind: 'alarm' as const, id: a.id })),
    ...queue.value.map((r) => ({ kind: 'incident' as const, id: r.incident.id })),
  ]
  selection.value = neighbour(entries, selection.value, by)
}

/** Escape leaves whatever was entered last. */
export function leave(): void {
  if (picking.value !== null) picking.value = null
  else showDesk()
}

export async function logout(): Promise<void> {
  screen.stop()
  await attempt(api.logout)
  location.assign('/')
}
