import { http } from './client'
import type { Answer, Ask } from './types'

/** Written reports of an incident: shapes and endpoints. */
export type WrittenReport = Answer<'ReportFact'>
export type ReportAddressee = WrittenReport['addressees'][number]
export type ReportChain = Answer<'ReportChain'>
export type ReportPreview = Answer<'ReportPreview'>
export type ReportKind = WrittenReport['kind']
export type ReportIn = Ask<'ReportIn', 'kind' | 'addressees'>
export type ReportEditIn = Ask<'ReportEditIn', 'revision' | 'title' | 'text' | 'addressees'>
export type AddresseeIn = ReportIn['addressees'][number]
export type ReportSignIn = Ask<'ReportSignIn', 'revision'>
export type ReportSendIn = Ask<'ReportSendIn', never>
export type ReportConfirmIn = Ask<'ReportConfirmIn', 'confirmed_as'>

const of = (incident: number): string => `/api/incidents/${incident}/reports`
const step = (id: number, name: string): string => `/api/reports/${id}/${name}`

export const reportsApi = {
  chain: (incident: number) => http.get<ReportChain>(of(incident)),
  preview: (incident: number, body: ReportIn) => http.post<ReportPreview>(`${of(incident)}/preview`, body),
  draft: (incident: number, body: ReportIn) => http.post<WrittenReport>(of(incident), body),
  edit: (id: number, body: ReportEditIn) => http.put<WrittenReport>(`/api/reports/${id}`, body),
  review: (id: number, revision: number) => http.post<WrittenReport>(step(id, 'review'), { revision }),
  sendBack: (id: number, revision: number, remarks: string) => http.post<WrittenReport>(step(id, 'return'), { revision, remarks }),
  drop: (id: number, reason: string) => http.post<WrittenReport>(step(id, 'drop'), { reason }),
  sign: (id: number, body: ReportSignIn) => http.post<WrittenReport>(step(id, 'sign'), body),
  countersign: (id: number, revision: number) => http.post<WrittenReport>(step(id, 'countersign'), { revision }),
  send: (id: number, body: ReportSendIn) => http.post<WrittenReport>(step(id, 'send'), body),
  confirm: (id: number, to: number, body: ReportConfirmIn) => http.post<WrittenReport>(step(id, `addressees/${to}/confirm`), body),
}
