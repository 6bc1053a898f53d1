import { http } from './client'
import type { Answer, Ask, IncidentFact } from './types'

export type ReportDue = Answer<'ReportDueFact'>
export type IncidentReporting = Answer<'IncidentReporting'>
export type LateSheet = Answer<'LateSheetFact'>
export type LateSheetMade = Answer<'LateSheetMade'>
export type SheetProof = LateSheetMade['proof']
export type ReportingCount = Answer<'ReportingCountFact'>
export type ReportingStatistics = Answer<'ReportingStatistics'>
export type ReportKnown = Answer<'ReportKnownFact'>
export type ReportKnownIn = Ask<'ReportKnownIn', 'kind' | 'name'>
export type TellingIn = Ask<'TellingIn', 'whom'>

/** Every endpoint of reporting (信息报送), one line each. */
export const reportingApi = {
  dues: () => http.get<ReportDue[]>('/api/reporting/dues?limit=100'),
  ofIncident: (id: number) => http.get<IncidentReporting>(`/api/incidents/${id}/reporting`),
  tell: (id: number, body: TellingIn) => http.post<IncidentFact>(`/api/incidents/${id}/tellings`, body),
  lateSheets: (id: number) => http.get<LateSheet[]>(`/api/incidents/${id}/reporting/late-sheets`),
  makeLateSheet: (id: number, receiver: ReportDue['receiver'] | null) => http.post<LateSheetMade>(`/api/incidents/${id}/reporting/late-sheets`, { receiver }),
  statistics: (query: string) => http.get<ReportingStatistics>(`/api/reporting/statistics?${query}`),
  noteKnown: (id: number, body: ReportKnownIn) => http.post<IncidentReporting>(`/api/incidents/${id}/reporting/knowledge`, body),
  lateReason: (due: number, reason: string) => http.post<ReportDue>(`/api/reporting/dues/${due}/late-reason`, { reason }),
}
