import { http } from './client'
import type { Answer, Ask } from './types'

/** Call-and-respond (预警叫应): shapes and endpoints. */
export type CalloutRound = Answer<'CalloutRoundFact'>
export type CalloutDetail = Answer<'CalloutRoundDetail'>
export type CalloutTarget = Answer<'CalloutTargetFact'>
export type TargetDetail = Answer<'CalloutTargetDetail'>
export type CalloutPerson = Answer<'CalloutPersonFact'>
export type CalloutCall = Answer<'CalloutCallFact'>
export type CalloutCount = Answer<'CalloutCountFact'>
export type CalloutList = Answer<'CalloutListFact'>
export type CalloutFiling = Answer<'CalloutFilingFact'>
export type CalloutListed = Answer<'CalloutListedFact'>
export type ListedRole = CalloutListed['role']
export type CalloutLimits = Answer<'CalloutLimitsFact'>
export type CalloutMinutes = CalloutLimits['red']
export type CalloutMine = Answer<'CalloutMineFact'>
export type CalloutTier = CalloutTarget['tier']
export type CalloutColour = CalloutRound['colour']
export type CalloutMeans = CalloutCall['means']
export type CalloutRoundIn = Ask<'CalloutRoundIn', 'title' | 'colour' | 'region_codes'>
export type CalloutCallIn = Ask<'CalloutCallIn', 'result'>
export type CallResult = CalloutCallIn['result']
export type CalloutActionIn = Ask<'CalloutActionIn', 'kind'>
export type CalloutReportIn = Omit<Ask<'CalloutReportIn', 'actions'>, 'actions'> & { actions: CalloutActionIn[] }
export type CalloutVerifyIn = Ask<'CalloutVerifyIn', 'outcome'>

/** What the page of warnings says of one, as far as a round takes it over. */
export interface WarningTold {
  /** What is not actual starts drills only. */
  readonly status?: string
  readonly id: number
  readonly title?: string
  readonly colour?: string
  readonly text?: string
  readonly event_type?: string
  readonly units?: readonly (string | { readonly region_code?: string; readonly code?: string })[]
}

const AT = '/api/call-and-respond'

export const calloutsApi = {
  listed: () => http.get<CalloutRound[]>(AT),
  one: (id: number) => http.get<CalloutDetail>(`${AT}/${id}`),
  mine: () => http.get<CalloutMine[]>(`${AT}/mine`),
  preview: (codes: string[]) => http.post<CalloutList>(`${AT}/preview`, { region_codes: codes }),
  start: (body: CalloutRoundIn) => http.post<CalloutRound>(AT, body),
  widen: (id: number, codes: readonly string[]) => http.post<CalloutRound>(`${AT}/${id}/places`, { region_codes: codes }),
  draw: (id: number) => http.post<CalloutRound>(`${AT}/${id}/verification`),
  end: (id: number, words: string) => http.post<CalloutRound>(`${AT}/${id}/end`, { words }),
  tellTheSame: (id: number, kind: 'lowered' | 'cancelled', colour: CalloutColour | null, words: string) => http.post<CalloutRound>(`${AT}/${id}/tell-the-same`, { kind, colour, words }),
  sheet: (id: number) => `${AT}/${id}.xlsx`,
  record: (id: number, form: 'pdf' | 'docx') => `/api/documents/preview.${form}?kind=call_and_respond_record&id=${id}`,
  target: (id: number) => http.get<TargetDetail>(`${AT}/targets/${id}`),
  call: (id: number, body: CalloutCallIn) => http.post<TargetDetail>(`${AT}/targets/${id}/calls`, body),
  acknowledge: (id: number, words: string) => http.post<CalloutTarget>(`${AT}/targets/${id}/acknowledge`, { words }),
  handOff: (id: number, to: string, words: string, minutes: number) => http.post<CalloutTarget>(`${AT}/targets/${id}/hand-off`, { to, words, minutes }),
  report: (id: number, body: CalloutReportIn) => http.post<CalloutTarget>(`${AT}/targets/${id}/reports`, body),
  verify: (id: number, body: CalloutVerifyIn) => http.post<CalloutTarget>(`${AT}/targets/${id}/verify`, body),
  list: () => http.get<CalloutListed[]>(`${AT}/list`),
  setList: (code: string, entries: { role: ListedRole; person_id: number | null; office_id: number | null }[]) => http.put<CalloutListed[]>(`${AT}/list`, { region_code: code, entries }),
  limits: () => http.get<CalloutLimits>(`${AT}/limits`),
  setLimits: (body: Pick<CalloutLimits, CalloutColour | 'verify_percent' | 'reason'>) => http.post<CalloutLimits>(`${AT}/limits`, body),
  filing: () => http.get<CalloutFiling>(`${AT}/list/filing`),
  file: () => http.post<CalloutFiling>(`${AT}/list/filing`),
  warning: (id: number) => http.get<WarningTold>(`/api/warnings/${id}`),
}
