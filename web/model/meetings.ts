import type { MeetingMember, Peer } from '@/api/meetings'

/** Why this machine sends no picture or no sound. */
export type Lack = 'denied' | 'absent' | 'busy' | 'insecure'
export type Device = 'camera' | 'microphone'

/** What the browser's refusal of a device means (Media Capture and Streams, 9.1). */
export function lackOf(error: unknown): Lack {
  const name = error instanceof Error ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied'
  if (name === 'NotReadableError' || name === 'AbortError') return 'busy'
  return 'absent'
}

/** Whom this screen is connected with: in a roll call only who calls and who is called, in a meeting everybody. */
export const meets = (kind: 'meeting' | 'roll_call', caller: boolean, other: Pick<Peer, 'caller'>): boolean => kind === 'meeting' || caller || other.caller

export const called = (members: readonly MeetingMember[]): MeetingMember[] => members.filter((m) => m.kind !== 'account')

const GRAVITY: Record<MeetingMember['outcome'], number> = { missed: 0, declined: 1, no_media: 2, no_video: 3, ringing: 4, connecting: 5, waiting: 6, connected: 7 }
/** What must be followed up first. */
export const urgentFirst = (members: readonly MeetingMember[]): MeetingMember[] => [...called(members)].sort((a, b) => GRAVITY[a.outcome] - GRAVITY[b.outcome] || a.id - b.id)

export const failed = (m: MeetingMember): boolean => ['missed', 'declined', 'no_media', 'no_video'].includes(m.outcome)
export const mayRing = (m: MeetingMember): boolean => ['waiting', 'missed', 'declined', 'left'].includes(m.state)
