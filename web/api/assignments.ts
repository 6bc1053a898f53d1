/** Calls about assignments beyond the step itself. */
import { http } from './client'
import type { AnswerChannel, Answer, AssignmentFact } from './types'

export type LadderState = Answer<'LadderOut'>

export type Reservation = Answer<'ReservationFact'>
export type AssignmentTimes = Answer<'AssignmentTimesOut'>
export type Reaction = Answer<'ReactionOut'>
export type ReactionRow = Answer<'ReactionRowOut'>

export const assignments = {
  undo: (id: number, reason: string) => http.post<AssignmentFact>(`/api/assignments/${id}/undo`, { reason }),
  keep: (id: number, channel: AnswerChannel) => http.post<AssignmentFact>(`/api/assignments/${id}/keep`, { channel }),
  safe: (id: number, channel: AnswerChannel) => http.post<AssignmentFact>(`/api/assignments/${id}/safety`, { channel }),
  sent: (incident: number) => http.get<AssignmentFact[]>(`/api/incidents/${incident}/assignments`),
  times: (incident: number) => http.get<AssignmentTimes[]>(`/api/incidents/${incident}/times`),
  reaction: (month: string, by: 'team' | 'township') => http.get<Reaction>(`/api/reaction-times?month=${month}&by=${by}`),
  reservations: (incident: number) => http.get<Reservation[]>(`/api/incidents/${incident}/reservations`),
  reserve: (incident: number, body: { team_id: number; starts_at: string; text: string }) =>
    http.post<Reservation>(`/api/incidents/${incident}/reservations`, body),
  moveReservation: (id: number, starts_at: string, reason: string) =>
    http.post<Reservation>(`/api/reservations/${id}/move`, { starts_at, reason }),
  cancelReservation: (id: number, reason: string) => http.post<Reservation>(`/api/reservations/${id}/cancel`, { reason }),
  ladder: (id: number) => http.get<LadderState>(`/api/assignments/${id}/ladder`),
  toRung: (id: number, rung: string, reason: string) =>
    http.post<AssignmentFact>(`/api/assignments/${id}/ladder/rung`, { rung, reason }),
  stopLadder: (id: number, reason: string) => http.post<AssignmentFact>(`/api/assignments/${id}/ladder/stop`, { reason }),
}
