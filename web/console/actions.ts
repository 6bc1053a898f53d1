import { api } from '@/api/calls'
import type { AlarmConfirmIn } from '@/api/types'
import { silence } from '@/model/alarms'
import { neighbour, type Selection } from '@/model/queue'
import { serverNow } from '@/ui/clock'
import { attempt } from '@/ui/notice'
import { showDesk, showIncident } from './routes'
import { alarms, dispatching, may, open, picking, queue, screen, selection, sound } from './store'

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

export function openIntake(): void {
  if (may('command')) open.value = 'intake'
}

export function openDispatch(id?: number): void {
  const wanted = id ?? (selection.value?.kind === 'incident' ? selection.value.id : queue.value[0]?.incident.id)
  if (wanted !== undefined && may('command')) dispatching.value = wanted
}

export function mute(): void {
  sound.value = silence(sound.value, serverNow())
}

export function move(by: number): void {
  const entries: Selection[] = [
    ...alarms.value.map((a) => ({ kind: 'alarm' as const, id: a.id })),
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
