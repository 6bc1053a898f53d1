import { http } from './client'
import type { Answer, Ask } from './types'

/** Status round-ups (调度问情况): shapes and endpoints. */
export type StatusCall = Answer<'StatusCallFact'>
export type StatusCallDetail = Answer<'StatusCallDetail'>
export type StatusUnit = Answer<'StatusRecipientFact'>
export type StatusAnswer = Answer<'StatusAnswerFact'>
export type StatusQuestion = Answer<'QuestionFact'>
export type StatusTotal = Answer<'QuestionTotalFact'>
export type StatusRound = Answer<'StatusRoundFact'>
export type StatusAsked = Answer<'StatusAskedFact'>
export type StatusPhone = Answer<'StatusPhoneFact'>
export type StatusValue = StatusAnswer['values'][string]
export type Standing = StatusUnit['standing']
export type StatusSource = StatusAnswer['source']
export type QuestionIn = Ask<'QuestionIn', 'kind' | 'text'>
export type StatusCallIn = Omit<Ask<'StatusCallIn', 'title' | 'recipients' | 'due_at'>, 'questions'> & { questions: QuestionIn[] }
export type StatusAnswerIn = Ask<'StatusAnswerIn', never>
export type RepeatIn = Ask<'RepeatIn', never>

const AT = '/api/status-calls'

export const statusCalls = {
  ask: (body: StatusCallIn) => http.post<StatusCall>(AT, body),
  listed: () => http.get<StatusCall[]>(AT),
  mine: () => http.get<StatusAsked[]>(`${AT}/mine`),
  one: (id: number) => http.get<StatusCallDetail>(`${AT}/${id}`),
  clone: (id: number, dueAt: string, opensAt: string | null) => http.post<StatusCall>(`${AT}/${id}/clone`, { due_at: dueAt, opens_at: opensAt }),
  remind: (id: number, recipients: number[]) => http.post<StatusUnit[]>(`${AT}/${id}/remind`, { recipient_ids: recipients }),
  close: (id: number) => http.post<StatusCall>(`${AT}/${id}/close`),
  cancel: (id: number, reason: string) => http.post<StatusCall>(`${AT}/${id}/cancel`, { reason }),
  trend: (id: number) => http.get<StatusRound[]>(`${AT}/${id}/trend`),
  repeat: (id: number, body: RepeatIn) => http.put<unknown>(`${AT}/${id}/repeat`, body),
  stopRepeat: (id: number) => http.post<unknown>(`${AT}/${id}/repeat/stop`),
  keep: (id: number) => http.post<{ version: number }>(`${AT}/${id}/summaries`),
  file: (id: number, version: number, form: 'pdf' | 'docx' | 'xlsx') => `${AT}/${id}/summaries/${version}.${form}`,

  read: (recipient: number) => http.post<StatusUnit>(`${AT}/recipients/${recipient}/read`),
  answer: (recipient: number, body: StatusAnswerIn) => http.post<StatusUnit>(`${AT}/recipients/${recipient}/answers`, body),
  phones: (recipient: number) => http.get<StatusPhone[]>(`${AT}/recipients/${recipient}/phones`),
}
