import { http, Refusal } from './client'
import type { Answer, Ask } from './types'

export type Board = Answer<'BoardOut'>
export type Level = Answer<'LevelFact'>
export type LevelState = Level['state']
export type Squad = Answer<'SquadOut'>
export type HistoryCell = Answer<'HistoryCell'>
export type StandbyList = Answer<'ListFact'>
export type StandbyPerson = Answer<'StandbyPersonFact'>
export type Exemption = Answer<'ExemptionFact'>
export type Sheet = Answer<'SheetFact'>
export type ReturnIn = Ask<'ReturnIn', 'on_post'>
export type NamedIn = Ask<'NamedIn', never>
export type HeadCountIn = Ask<'HeadCountIn', 'counted'>
export type DeclaredPeriod = Answer<'DeclaredPeriodFact'>
export type DeclaredPeriodIn = Ask<'DeclaredPeriodIn', 'kind' | 'first' | 'reason'>
export type ExemptionIn = Ask<'ExemptionIn', 'floor' | 'until' | 'reason'>

const list = (township: string, day: string): string => `/api/readiness/townships/${township}/${day}`

/** Every endpoint of readiness and standby, one line each. Days are written 2025-10-01, months 2025-10. */
export const readinessApi = {
  board: (day: string) => http.get<Board>(`/api/readiness${day === '' ? '' : `?day=${day}`}`),
  history: (first: string, last: string) =>
    http.get<HistoryCell[]>(`/api/readiness/history?first=${first}&last=${last}`),
  makeReturn: (team: number, day: string, body: ReturnIn) =>
    http.put<Answer<'ReturnFact'>>(`/api/readiness/teams/${team}/returns/${day}`, body),
  keyPeriods: () => http.get<DeclaredPeriod[]>('/api/readiness/key-periods'),
  declare: (body: DeclaredPeriodIn) => http.post<DeclaredPeriod>('/api/readiness/key-periods', body),
  endKeyPeriod: (id: number) => http.post<DeclaredPeriod>(`/api/readiness/key-periods/${id}/end`),
  exempt: (body: ExemptionIn) => http.post<Exemption>('/api/readiness/exemptions', body),
  revoke: (id: number) => http.delete<Exemption>(`/api/readiness/exemptions/${id}`),

  /** The names of a day; null while nobody has entered any. */
  names: async (township: string, day: string): Promise<StandbyList | null> => {
    try {
      return await http.get<StandbyList>(list(township, day))
    } catch (error) {
      if (error instanceof Refusal && error.status === 404) return null
      throw error
    }
  },
  enter: (township: string, day: string, body: { version: number; persons: NamedIn[] }) =>
    http.put<StandbyList>(list(township, day), body),
  add: (township: string, day: string, body: NamedIn & { since?: string }) =>
    http.post<StandbyList>(`${list(township, day)}/persons`, body),
  accept: (township: string, day: string, version: number) =>
    http.post<StandbyList>(`${list(township, day)}/acceptance`, { version }),
  count: (township: string, day: string, body: HeadCountIn) =>
    http.post<StandbyList>(`${list(township, day)}/head-counts`, body),

  sheets: (month: string) => http.get<Sheet[]>(`/api/readiness/allowances/${month}`),
  approve: (month: string, township: string, body: { person_days: number; yuan: string }) =>
    http.post<Sheet>(`/api/readiness/allowances/${month}/${township}/approval`, body),
}
