import { http } from './client'
import type { Answer, Ask } from './types'

export type Handover = Answer<'HandoverHead'>
export type HandoverSheet = Answer<'HandoverSheet'>
export type HandoverItem = Answer<'HandoverItemFact'>
export type HandoverMember = Answer<'MemberFact'>
export type Signature = Answer<'SignatureFact'>
export type Signer = Answer<'SignerFact'>
export type Part = Signature['part']
export type Matter = Answer<'MatterFact'>
export type MatterIn = Ask<'MatterIn', 'kind' | 'text'>
export type Owner = Answer<'OwnerFact'>
export type DeskPost = Answer<'PostOnDuty'>
export type DayBook = Answer<'DayBook'>
export type BookLine = Answer<'BookLine'>
export type MonthBook = Answer<'MonthBook'>
export type LogEntry = Answer<'LogEntryFact'>
export type LogEntryIn = Ask<'EntryIn', 'text'>
export type BusinessLine = BookLine['lines'][number]
export type EntrySource = LogEntry['source']

const sheet = (id: number): string => `/api/handovers/${id}`
const log = (postId: number): string => `/api/duty/posts/${postId}/log`

/** Endpoints of the duty desk's own business: hand-over and duty log. */
export const dutyDesk = {
  posts: () => http.get<DeskPost[]>('/api/duty/now'),
  owner: (postId: number) => http.get<Owner>(`/api/duty/posts/${postId}/owner`),

  handovers: (postId: number, limit: number) => http.get<Handover[]>(`/api/handovers?post_id=${postId}&limit=${limit}`),
  handover: (id: number) => http.get<HandoverSheet>(sheet(id)),
  openHandover: (postId: number) => http.post<Handover>('/api/handovers', { post_id: postId }),
  compileHandover: (id: number) => http.post<Handover>(`${sheet(id)}/compile`),
  openItem: (id: number, itemId: number) => http.post<HandoverItem>(`${sheet(id)}/items/${itemId}/open`),
  tickItem: (id: number, itemId: number, body: Ask<'TickIn', never>) => http.post<HandoverItem>(`${sheet(id)}/items/${itemId}/tick`, body),
  arrive: (id: number, body: Ask<'MoveIn', 'person_id'>) => http.post<HandoverMember>(`${sheet(id)}/arrivals`, body),
  leave: (id: number, body: Ask<'MoveIn', 'person_id'>) => http.post<HandoverMember>(`${sheet(id)}/departures`, body),
  sign: (id: number, body: Ask<'SignIn', 'part'>) => http.post<Handover>(`${sheet(id)}/signatures`, body),

  matters: (postId: number) => http.get<Matter[]>(`/api/duty/posts/${postId}/matters`),
  addMatter: (postId: number, body: MatterIn) => http.post<Matter>(`/api/duty/posts/${postId}/matters`, body),
  closeMatter: (id: number, outcome: string) => http.post<Matter>(`/api/duty/matters/${id}/close`, { outcome }),

  day: (postId: number, day: string) => http.get<DayBook>(`${log(postId)}/days/${day}`),
  month: (postId: number, month: string) => http.get<MonthBook>(`${log(postId)}/months/${month}`),
  enter: (postId: number, body: LogEntryIn, key: string) => http.post<LogEntry>(`${log(postId)}/entries`, body, key),
}

/** Where a print of a hand-over sheet is fetched from. */
export const sheetPrintOf = (id: number, as: 'docx' | 'pdf'): string => `${sheet(id)}.${as}`

/** Where a print of the log is fetched from. */
export const printOf = (postId: number, span: 'days' | 'months', name: string, as: 'docx' | 'pdf'): string => `${log(postId)}/${span}/${name}.${as}`
