import type { components } from './schema'
import type { Actor, PositionFact } from './types'

type Schemas = components['schemas']

type Payload =
  | Schemas['AlarmChanged']
  | Schemas['AlarmConfirmed']
  | Schemas['IncidentChanged']
  | Schemas['AssignmentDispatched']
  | Schemas['AssignmentChanged']
  | Schemas['DeliveryChanged']
  | Schemas['TeamStandbyChanged']
  | Schemas['TextReceived']

/** One row of the journal as it stands on the wire. */
export type Event = { seq: number; at: string; actor: Actor | null } & Payload

export interface EventPage {
  events: Event[]
  next: number
  head: number
  more: boolean
}

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
