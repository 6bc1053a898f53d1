import type { Event } from '@/api/events'
import type { AlarmFact } from '@/api/types'
import { weightOf } from './alarms'

/** More alarms of people than this in ten minutes are more than one officer can take one by one (EEMUA 191). */
export const FLOOD_OVER = 10
const WITHIN_MS = 10 * 60_000
/** So many of one kind and place are one row. */
const GROUPED_FROM = 3

/** How many alarms of people were raised in the last ten minutes, by the log of what happened. */
export function raisedLately(log: readonly Event[], now: number): number {
  return log.filter((e) => e.type === 'alarm.raised' && weightOf(e.alarm) !== 'trouble' && Date.parse(e.at) > now - WITHIN_MS).length
}

/** Alarms of one kind from one place: shown as one row with its number while they flood in. */
export interface AlarmCluster {
  readonly key: string
  readonly kind: AlarmFact['kind']
  readonly place: string
  /** In the order of the queue, the most urgent first. */
  readonly alarms: readonly AlarmFact[]
}

/** Splits the queue into rows of many and alarms that stay alone; `placeOf` names the township. */
export function clusters(queue: readonly AlarmFact[], placeOf: (alarm: AlarmFact) => string): { many: AlarmCluster[]; alone: AlarmFact[] } {
  const found = new Map<string, AlarmCluster & { alarms: AlarmFact[] }>()
  for (const alarm of queue) {
    const place = placeOf(alarm)
    const key = `${alarm.state}:${alarm.kind}:${place}`
    const held = found.get(key)
    if (held === undefined) found.set(key, { key, kind: alarm.kind, place, alarms: [alarm] })
    else held.alarms.push(alarm)
  }
  const all = [...found.values()]
  return { many: all.filter((c) => c.alarms.length >= GROUPED_FROM), alone: all.filter((c) => c.alarms.length < GROUPED_FROM).flatMap((c) => c.alarms) }
}
