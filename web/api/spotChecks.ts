import { http } from './client'
import type { components } from './schema'
import type { Answer, Ask } from './types'

/** Spot checks: shapes and endpoints. */
type Schemas = components['schemas']

export type SpotCheck = Answer<'SpotCheckFact'>
export type SpotCheckDetail = Answer<'SpotCheckDetail'>
export type SpotFinding = Answer<'SpotFindingFact'>
export type SpotMethod = SpotFinding['method']
export type SpotFailure = SpotFinding['failures'][number]
export type Rostered = SpotFinding['roster'][number]
export type Colleague = Answer<'ColleagueFact'>
export type LogSeen = Answer<'LogSeen'>
export type SpotPrompt = Answer<'SpotPromptFact'>
export type Rectification = Answer<'RectificationFact'>
export type Circular = Answer<'CircularDetail'>
export type Receipt = Answer<'ReceiptFact'>
export type Appeal = Answer<'AppealFact'>
export type Score = Answer<'ScoreFact'>
export type SpotCheckIn = Ask<'SpotCheckIn', 'title' | 'shares'>
export type ResultIn =
  | Ask<'PhoneResultIn', 'method' | 'answered'>
  | Ask<'VideoResultIn', 'method' | 'answered'>
  | Ask<'CallResultIn', 'method' | 'answered'>
export type LeaderIn = Ask<'LeaderIn', 'reached'>
export type CircularIn = Schemas['CircularIn']

const AT = '/api/spot-checks'

export const spotChecks = {
  open: (body: SpotCheckIn) => http.post<SpotCheck>(AT, body),
  listed: () => http.get<SpotCheck[]>(AT),
  one: (id: number) => http.get<SpotCheckDetail>(`${AT}/${id}`),
  finish: (id: number) => http.post<SpotCheck>(`${AT}/${id}/finish`),
  cancel: (id: number) => http.post<SpotCheck>(`${AT}/${id}/cancel`),
  prompts: () => http.get<SpotPrompt[]>(`${AT}/prompts`),

  people: (finding: number) => http.get<Colleague[]>(`${AT}/findings/${finding}/people`),
  setMethod: (finding: number, method: SpotMethod) => http.put<SpotFinding>(`${AT}/findings/${finding}/method`, { method }),
  call: (finding: number) => http.post<SpotFinding>(`${AT}/findings/${finding}/call`),
  send: (finding: number) => http.post<SpotFinding>(`${AT}/findings/${finding}/send`),
  logOf: (finding: number) => http.get<LogSeen | null>(`${AT}/findings/${finding}/log`),
  record: (finding: number, body: ResultIn) => http.post<SpotFinding>(`${AT}/findings/${finding}/result`, body),
  leader: (finding: number, body: LeaderIn) => http.post<SpotFinding>(`${AT}/findings/${finding}/leader`, body),
  tap: (finding: number) => http.post<SpotFinding>(`${AT}/findings/${finding}/tap`),

  circular: (id: number) => http.get<Circular>(`${AT}/${id}/circular`),
  draft: (id: number) => http.post<Circular>(`${AT}/${id}/circular`),
  edit: (id: number, body: CircularIn) => http.put<Circular>(`${AT}/${id}/circular`, body),
  sign: (id: number, version: number) => http.post<Circular>(`${AT}/${id}/circular/sign`, { version }),
  issue: (id: number) => http.post<Circular>(`${AT}/${id}/circular/issue`),
  receive: (id: number) => http.post<Receipt[]>(`${AT}/${id}/circular/receipts`),
  circularPage: (id: number) => `${AT}/${id}/circular.html`,

  rectifications: () => http.get<Rectification[]>(`${AT}/rectifications`),
  report: (id: number, evidence: string) => http.post<Rectification>(`${AT}/rectifications/${id}/report`, { evidence }),
  confirm: (id: number, done: boolean, remark: string) => http.post<Rectification>(`${AT}/rectifications/${id}/confirm`, { done, remark }),
  appeals: () => http.get<Appeal[]>(`${AT}/appeals`),
  appeal: (finding: number, failure: SpotFailure, evidence: string) => http.post<Appeal>(`${AT}/findings/${finding}/appeals`, { failure, evidence }),
  decide: (id: number, upheld: boolean, remark: string) => http.post<Appeal>(`${AT}/appeals/${id}/decision`, { upheld, remark }),
  scores: (month: string) => http.get<Score[]>(`${AT}/scores/${month}`),
}
