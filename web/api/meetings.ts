import { http } from './client'
import type { Answer, Ask } from './types'

/** Meetings and roll calls by video (视频会商、视频点名): shapes and endpoints. */
export type Meeting = Answer<'MeetingFact'>
export type MeetingDetail = Answer<'MeetingDetail'>
export type MeetingMember = Answer<'MeetingMemberFact'>
export type MeetingMine = Answer<'MeetingMine'>
export type MeetingIn = Ask<'MeetingIn', 'title'>

const AT = '/api/meetings'

export const meetings = {
  open: (body: MeetingIn) => http.post<MeetingDetail>(AT, body),
  listed: () => http.get<Meeting[]>(AT),
  mine: () => http.get<MeetingMine[]>(`${AT}/mine`),
  one: (id: number) => http.get<MeetingDetail>(`${AT}/${id}`),
  decline: (id: number) => http.post<MeetingMember>(`${AT}/${id}/decline`),
  ring: (id: number, member: number) => http.post<MeetingMember>(`${AT}/${id}/members/${member}/ring`),
  release: (id: number, member: number) => http.post<MeetingMember>(`${AT}/${id}/members/${member}/release`),
  close: (id: number) => http.post<MeetingDetail>(`${AT}/${id}/close`),
  file: (id: number) => `${AT}/${id}.xlsx`,
}

/** A screen that takes part, as the line of a meeting says it (docs/asyncapi.yaml). */
export interface Peer {
  readonly id: string
  readonly member_id: number
  readonly name: string
  readonly seat: string
  readonly caller: boolean
  readonly camera: boolean
  readonly microphone: boolean
}

/** What the line of a meeting says. */
export type MeetingWord =
  | { type: 'welcome'; you: string; caller: boolean; kind: Meeting['kind']; title: string; peers: Peer[]; room: { url: string; token: string } | null }
  | { type: 'peer_joined'; peer: Peer }
  | { type: 'peer_left'; peer_id: string }
  | { type: 'peer_shows'; peer_id: string; camera: boolean; microphone: boolean }
  | { type: 'described'; sender: string; kind: 'offer' | 'answer'; sdp: string }
  | { type: 'over'; reason: 'closed' | 'released' | 'replaced' | 'lost' }
  | { type: 'refused'; code: string; zh: string; en: string }

export function openMeetingLine(meeting: number, sends: { camera: boolean; microphone: boolean }): WebSocket {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
  const bit = (on: boolean): string => (on ? '1' : '0')
  return new WebSocket(`${scheme}://${location.host}/ws/meeting?meeting=${meeting}&camera=${bit(sends.camera)}&microphone=${bit(sends.microphone)}`)
}
