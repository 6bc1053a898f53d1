/** Calls about the life of incidents and about command bodies. */
import { http } from './client'
import type { Answer, IncidentFact } from './types'

export type IncidentLink = Answer<'IncidentLinkFact'>
export type LikelySame = Answer<'LikelySameFact'>
export type CommandBody = Answer<'CommandBodyFact'>
export type CommandOfIncident = Answer<'CommandOfIncident'>
export type CommandActivation = Answer<'CommandActivationFact'>
export type PostName = Answer<'CommandPostFact'>['post']
export interface Holder {
  post: PostName
  person_id: number | null
  name: string
}
export interface BodyDraft {
  kind: CommandBody['kind']
  name_zh: string
  name_en: string
  hazards: string[]
  posts: Holder[]
  member_unit_ids: number[]
}
export interface Typed {
  event_code: string | null
  region_code: string
  lon: number | null
  lat: number | null
  title: string
  address: string
  phones: string[]
}

const of = (id: number, what: string): string => `/api/incidents/${id}/${what}`

export const lifecycle = {
  incidents: (state: IncidentFact['state']) => http.get<IncidentFact[]>(`/api/incidents?state=${state}&limit=200`),
  likelySame: (id: number) => http.get<LikelySame[]>(of(id, 'likely-same')),
  likelyKnown: (typed: Typed) => http.post<LikelySame[]>('/api/incidents/likely-same', typed),
  links: (id: number) => http.get<IncidentLink[]>(of(id, 'links')),
  link: (id: number, kind: 'child' | 'related' | 'distinct', other_id: number, reason: string) => http.post<IncidentLink[]>(of(id, 'links'), { kind, other_id, reason }),
  unlink: (link: number, reason: string) => http.post<IncidentLink>(`/api/incident-links/${link}/undo`, { reason }),
  merge: (id: number, into_id: number, reason: string, widen: boolean) => http.post<IncidentFact>(of(id, 'merge'), { into_id, reason, widen }),
  undoMerge: (link: number, reason: string) => http.post<IncidentFact>(`/api/incident-links/${link}/undo-merge`, { reason }),
  split: (id: number, body: { title: string; assignment_ids: number[]; alarm_ids: number[]; callers: number[]; reason: string }) => http.post<IncidentFact>(of(id, 'split'), body),
  plan: (body: { event_code: string; region_code: string; title: string; description: string; scheduled_for: string }) => http.post<IncidentFact>('/api/incidents/planned', body),
  reschedule: (id: number, scheduled_for: string, reason: string) => http.post<IncidentFact>(of(id, 'reschedule'), { scheduled_for, reason }),
  callOff: (id: number, reason: string) => http.post<IncidentFact>(of(id, 'call-off'), { reason }),
  reopen: (id: number, reason: string) => http.post<IncidentFact>(of(id, 'reopen'), { reason }),
  bodies: () => http.get<CommandBody[]>('/api/command-bodies'),
  register: (body: BodyDraft) => http.post<CommandBody>('/api/command-bodies', body),
  amendBody: (id: number, body: BodyDraft & { version: number }) => http.put<CommandBody>(`/api/command-bodies/${id}`, body),
  retireBody: (id: number) => http.delete<CommandBody>(`/api/command-bodies/${id}`),
  command: (id: number) => http.get<CommandOfIncident>(of(id, 'command')),
  activate: (id: number, body: { body_id: number; site: string; reason: string }) => http.post<CommandActivation>(of(id, 'command'), body),
  handOver: (activation: number, holder: Holder, reason: string) => http.post<CommandActivation>(`/api/commands/${activation}/hand-over`, { holder, reason }),
  standDown: (activation: number, reason: string) => http.post<CommandActivation>(`/api/commands/${activation}/stand-down`, { reason }),
}
