import { http } from './client'
import type { Answer, Ask } from './types'

export type Response = Answer<'ResponseFact'>
export type ResponseBoard = Answer<'ResponseBoard'>
export type ResponseDetail = Answer<'ResponseDetail'>
export type ResponseStep = Answer<'ResponseStepFact'>
export type ResponseDuty = Answer<'ResponseDutyFact'>
export type Consequence = Answer<'ConsequenceFact'>
export type ResponseIn = Ask<'ResponseIn', 'event_code' | 'level' | 'cause_words'>
export type ResponseDecideIn = Ask<'ResponseDecideIn', 'verdict' | 'decided_as'>

/** A warning as far as the page that answers it needs it. */
export interface WarningBrief {
  /** What is not actual starts drills only. */
  status?: string
  id: number
  title: string
  event_type?: string
  event_code?: string
  colour?: string
}

const of = (id: number): string => `/api/responses/${id}`

/** Every endpoint of responses, one line each. */
export const responsesApi = {
  board: () => http.get<ResponseBoard>('/api/responses'),
  one: (id: number) => http.get<ResponseDetail>(of(id)),
  propose: (body: ResponseIn) => http.post<ResponseDetail>('/api/responses', body),
  step: (id: number, body: Ask<'ResponseStepIn', 'kind' | 'basis'>) => http.post<ResponseDetail>(`${of(id)}/steps`, body),
  decide: (id: number, step: number, body: ResponseDecideIn) => http.post<ResponseDetail>(`${of(id)}/steps/${step}/decision`, body),
  sign: (id: number, step: number) => http.post<ResponseDetail>(`${of(id)}/steps/${step}/signature`),
  consult: (id: number, chaired_by: string, words: string) => http.post<ResponseDetail>(`${of(id)}/consultations`, { chaired_by, words }),
  warning: (id: number) => http.get<WarningBrief>(`/api/warnings/${id}`),
}

/** Where the order of a decision is looked at as it goes on paper. */
export const orderPaper = (id: number, step: number, drill: boolean, form: 'pdf' | 'docx'): string => `/api/documents/preview.${form}?kind=response_order&id=${id}&part=${step}&drill=${drill}`
