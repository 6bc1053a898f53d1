import { http } from './client'
import type { Answer, Ask } from './types'

/** Reports between houses: what came in, what waits to go out, the peers. */
export type Received = Answer<'ReceivedBrief'>
export type ReceivedWhole = Answer<'ReceivedFact'>
export type Outgoing = Answer<'OutgoingFact'>
export type ReportDelivery = Answer<'ReportDelivery'>
export type Peer = Answer<'PeerFact'>
export type PeerIn = Ask<'PeerIn', 'node' | 'name'>

const of = '/api/exchange'

export const exchangeApi = {
  received: () => http.get<Received[]>(`${of}/received`),
  waiting: () => http.get<Answer<'ReceivedCount'>>(`${of}/received/count`),
  one: (id: number) => http.get<ReceivedWhole>(`${of}/received/${id}`),
  acknowledge: (id: number) => http.post<ReceivedWhole>(`${of}/received/${id}/acknowledgement`),
  take: (file: File) => http.post<Received>(`${of}/received/file`, file),
  paper: (id: number, form: string): string => `${of}/received/${id}.${form}`,
  outgoing: () => http.get<Outgoing[]>(`${of}/outgoing`),
  retry: (id: number) => http.post<Outgoing>(`${of}/outgoing/${id}/retry`),
  peers: () => http.get<Peer[]>(`${of}/peers`),
  register: (body: PeerIn) => http.post<Peer>(`${of}/peers`, body),
  amend: (id: number, body: PeerIn) => http.put<Peer>(`${of}/peers/${id}`, body),
  retire: (id: number) => http.delete<Peer>(`${of}/peers/${id}`),
  package: (report: number, addressee: number): string => `/api/reports/${report}/addressees/${addressee}/package.zip`,
}
