import { http } from './client'
import type { Answer, Ask } from './types'

/** Warnings (预警): what stands, their chains, the messages as they came, the sources. */
export type WarningBrief = Answer<'WarningBrief'>
export type WarningWhole = Answer<'WarningFact'>
export type WarningStarted = Answer<'WarningStartedFact'>
export type WarningMessage = Answer<'WarningMessageFact'>
export type WarningDiff = Answer<'WarningDiff'>
export type WarningReceipt = Answer<'WarningReceipt'>
export type WarningSource = Answer<'WarningSourceFact'>
export type WarningIn = Ask<'WarningIn', 'issuer'>
export type WarningSourceIn = Ask<'WarningSourceIn', 'name'>

const of = '/api/warnings'

export const warningsApi = {
  list: (standing: 'in_force' | 'over') => http.get<WarningBrief[]>(`${of}?standing=${standing}`),
  unacknowledged: () => http.get<WarningBrief[]>(`${of}/unacknowledged`),
  one: (id: number) => http.get<WarningWhole>(`${of}/${id}`),
  started: (id: number) => http.get<WarningStarted[]>(`${of}/${id}/started`),
  acknowledge: (id: number) => http.post<WarningBrief>(`${of}/${id}/acknowledgement`),
  keyPeriod: (id: number, reason: string) => http.post<unknown>(`${of}/${id}/key-period`, { reason }),
  enter: (body: WarningIn) => http.post<WarningReceipt>(of, body),
  take: (file: File) => http.post<WarningReceipt>(`${of}/file`, file),
  messages: (outcome: 'waiting' | 'refused' | 'all') => http.get<WarningMessage[]>(`${of}/messages?outcome=${outcome}`),
  judge: (id: number, accept: boolean, reason: string) => http.post<WarningWhole>(`${of}/messages/${id}/judgement`, { accept, reason }),
  raw: (id: number): string => `${of}/messages/${id}/raw`,
  cap: (id: number): string => `${of}/${id}/cap`,
  sources: () => http.get<WarningSource[]>(`${of}/sources`),
  register: (body: WarningSourceIn) => http.post<Answer<'NewWarningSource'>>(`${of}/sources`, body),
  revoke: (id: number) => http.delete<WarningSource>(`${of}/sources/${id}`),
}
