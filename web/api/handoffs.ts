/** Shapes and calls of cross-border notices. */
import { http } from './client'
import type { Answer, Ask } from './types'

export type HandoffBook = Answer<'HandoffBook'>
export type Handoff = Answer<'HandoffFact'>
export type HandoffIn = Ask<'HandoffIn', 'kind' | 'text' | 'means'>
export type HandoffReceiptIn = Ask<'HandoffReceiptIn', 'received_by'>

export const handoffs = {
  book: (incident: number) => http.get<HandoffBook>(`/api/incidents/${incident}/handoffs`),
  send: (incident: number, body: HandoffIn) => http.post<Handoff>(`/api/incidents/${incident}/handoffs`, body),
  receive: (id: number, body: HandoffReceiptIn) => http.post<Handoff>(`/api/handoffs/${id}/receipt`, body),
}
