import { http } from './client'
import type { Answer, Ask } from './types'

/** Broadcast platforms: how they are reached, how the links stand, what they sent us. */
export type WirePeer = Answer<'WirePeerFact'>
export type WirePeerIn = Ask<'WirePeerIn', 'name' | 'resource_code' | 'region_code' | 'our_resource_code'>
export type WireIncoming = Answer<'WireIncomingFact'>
export type WirePacket = Answer<'WirePacketFact'>

const of = '/api/broadcast'

export const broadcastWireApi = {
  peers: () => http.get<WirePeer[]>(`${of}/peers`),
  register: (body: WirePeerIn) => http.post<WirePeer>(`${of}/peers`, body),
  amend: (id: number, body: WirePeerIn) => http.put<WirePeer>(`${of}/peers/${id}`, body),
  retire: (id: number) => http.delete<WirePeer>(`${of}/peers/${id}`),
  ask: (id: number) => http.post<Answer<'WireAsked'>>(`${of}/peers/${id}/terminals`),
  packets: () => http.get<WirePacket[]>(`${of}/packets`),
  incoming: () => http.get<WireIncoming[]>(`${of}/incoming`),
}
