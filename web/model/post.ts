import type { Seat, SeatRole } from '@/api/types'
import type { SeatIn } from '@/api/dutySettings'

/** Every kind of chair, in the order of the register. */
export const ROLES: readonly SeatRole[] = ['chief_leader', 'leader_in_charge', 'shift_lead', 'intake', 'dispatch_comms', 'clerk', 'duty_officer', 'reporter_a', 'reporter_b', 'reserve_duty']

/** Who of a leading chair is called when nobody answers has deputies. */
export const isLeading = (role: SeatRole): boolean => role === 'chief_leader' || role === 'leader_in_charge'

/** A list with the one at `at` moved to `to`. */
export function moved<T>(list: readonly T[], at: number, to: number): T[] {
  const rest = list.filter((_, n) => n !== at)
  return [...rest.slice(0, to), list[at] as T, ...rest.slice(to)]
}

/** Seats that somebody must hold, and those that ended: rows stay, since shifts hang on them. */
export const manned = (seats: readonly Seat[]): Seat[] => seats.filter((s) => s.needed > 0)
export const ended = (seats: readonly Seat[]): Seat[] => seats.filter((s) => s.needed === 0)

export const seatTold = ({ role, needed, mode, days, qualification, deputies }: Seat): SeatIn => ({ role, needed, mode, days, qualification, deputies })

/** All seats with one set in the place of its kind, or at the end. */
export function withSeat(seats: readonly Seat[], told: SeatIn): SeatIn[] {
  const all = manned(seats).map(seatTold)
  return all.some((s) => s.role === told.role) ? all.map((s) => (s.role === told.role ? told : s)) : [...all, told]
}
