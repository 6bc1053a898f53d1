import { http } from './client'
import type { Answer, Ask } from './types'

export type Plan = Answer<'PlanFact'>
export type PlanPage = Answer<'PlanPage'>
export type PlanDetail = Answer<'PlanDetail'>
export type PlanCard = Answer<'PlanCardFact'>
export type CardTask = Answer<'CardTaskFact'>
export type PlanPreview = Answer<'PreviewFact'>
export type PlanProposal = Answer<'PlanProposalFact'>
export type PlanRun = Answer<'PlanRunFact'>
export type PlanRunDetail = Answer<'PlanRunDetail'>
export type RunTask = Answer<'RunTaskFact'>
export type PlanImport = Answer<'PlanImportOut'>
export type PlanDecideIn = Ask<'PlanDecideIn', 'approved' | 'decided_as'>

const MOST = 1000
const of = (id: number): string => `/api/plans/${id}`
const areas = (codes: readonly string[]): string => codes.map((c) => `&region_codes=${c}`).join('')

/** Every endpoint of plans and of cards in force, one line each. */
export const plansApi = {
  all: (retired = false) => http.get<PlanPage>(`/api/plans?limit=${MOST}${retired ? '&state=retired' : ''}`),
  one: (id: number, card?: number) => http.get<PlanDetail>(`${of(id)}${card === undefined ? '' : `?card=${card}`}`),
  enter: (body: Ask<'PlanIn', 'kind' | 'name_zh' | 'region_code'>) => http.post<Plan>('/api/plans', body),
  amend: (id: number, body: Ask<'PlanEditIn', 'kind' | 'name_zh' | 'region_code' | 'revision'>) => http.put<Plan>(of(id), body),
  retire: (id: number, reason: string) => http.post<Plan>(`${of(id)}/retirement`, { reason }),
  issue: (id: number, query: URLSearchParams, file: Blob) => http.post<Plan>(`${of(id)}/versions?${query}`, file),
  check: (text: string) => http.post<PlanCard>('/api/plans/card-check', { text }),
  write: (id: number, text: string, version: number, note: string) => http.put<Plan>(`${of(id)}/card`, { text, version, note }),
  clone: (id: number, from_plan_id: number, version: number) => http.post<Plan>(`${of(id)}/card/clone`, { from_plan_id, version }),
  preview: (id: number, level: number, codes: readonly string[], run: number | null = null) => http.get<PlanPreview>(`${of(id)}/preview?level=${level}${areas(codes)}${run === null ? '' : `&run_id=${run}`}`),
  proposals: (event: string, region: string | null, level: number | null) => http.get<PlanProposal[]>(`/api/plans/proposals?event_code=${event}${region ? `&region_code=${region}` : ''}${level ? `&level=${level}` : ''}`),
  importSheet: (sheet: Blob, apply: boolean) => http.post<PlanImport>(`/api/plans/sheet?apply=${apply}`, sheet),

  runs: (state: 'open' | 'over' | 'all') => http.get<PlanRun[]>(`/api/plan-runs?state=${state}`),
  run: (id: number) => http.get<PlanRunDetail>(`/api/plan-runs/${id}`),
  propose: (body: Ask<'PlanRunIn', 'plan_id' | 'level' | 'cause_words'>) => http.post<PlanRun>('/api/plan-runs', body),
  decide: (id: number, body: PlanDecideIn) => http.post<PlanRunDetail>(`/api/plan-runs/${id}/decision`, body),
  end: (id: number, reason: string) => http.post<PlanRunDetail>(`/api/plan-runs/${id}/end`, { reason }),
}

export const PLAN_SHEET = '/api/plans/sheet.xlsx'
export const fileOf = (plan: number, version: number): string => `${of(plan)}/versions/${version}/content`
