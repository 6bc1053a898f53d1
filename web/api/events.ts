import type { components } from './schema'
import type { PositionFact, Sent } from './types'

/** One row of the journal as it stands on the wire, told apart by `type`. */
export type Event = Sent<components['schemas']['EventPage']['events'][number]>
export type EventPage = Sent<components['schemas']['EventPage']>

/** What the socket says besides events. */
export type Control =
  | { type: 'hello'; head: number; at: string }
  | { type: 'head'; seq: number; at: string }
  | { type: 'positions'; at: string; positions: PositionFact[] }
  | { type: 'resync'; reason: string }
  | { type: 'pong'; id: number }

export type Frame = Control | Event

export function isEvent(frame: Frame): frame is Event {
  switch (frame.type) {
    case 'hello':
    case 'head':
    case 'positions':
    case 'resync':
    case 'pong':
      return false
    default:
      return true
  }
}
