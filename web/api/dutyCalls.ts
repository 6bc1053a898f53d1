import { http } from './client'
import type { Answer } from './types'
import type {
  ArrivalIn,
  Attendance,
  Cell,
  CountyDay,
  CountyDayIn,
  Day,
  LeavingIn,
  Feed,
  Gap,
  Generation,
  GenerationIn,
  Leave,
  LeaderCall,
  LeaveIn,
  NewFeed,
  Override,
  OverrideIn,
  PersonAtPost,
  PostOnDuty,
  RosterOut,
  RosterPreview,
  Shift,
  Substitute,
  Swap,
  SwapIn,
  Temporary,
  Word,
} from './duty'

export type RosterImport = Answer<'RosterImportOut'>

const month = (post: number, of: string): string => `/api/duty/posts/${post}/rosters/${of}`

/** Every endpoint of duty, one line each. */
export const dutyApi = {
  onDuty: (at: string | null) => http.get<PostOnDuty[]>(`/api/duty/now${at === null ? '' : `?at=${encodeURIComponent(at)}`}`),
  gaps: () => http.get<Gap[]>('/api/duty/gaps'),
  substitutes: (gap: Gap, end: string) =>
    http.get<Substitute[]>(`/api/duty/posts/${gap.post_id}/substitutes?seat_id=${gap.seat_id}&start=${encodeURIComponent(gap.starts_at)}&end=${encodeURIComponent(end)}`),
  standIn: (gap: Gap, body: { person_id: number; note: string; despite: string }) =>
    http.post<Override>(`/api/duty/posts/${gap.post_id}/stand-ins`, { ...body, gap_id: gap.id }),
  leaderCalls: (post: number) => http.get<LeaderCall[]>(`/api/duty/posts/${post}/leader-calls`),
  leaderCall: (post: number, body: { person_id: number | null; answered: boolean; note: string }) =>
    http.post<LeaderCall>(`/api/duty/posts/${post}/leader-calls`, body),
  arrive: (body: ArrivalIn) => http.post<Attendance>('/api/duty/presence/arrival', body),
  depart: (body: LeavingIn) => http.post<Attendance>('/api/duty/presence/departure', body),

  roster: (post: number, of: string) => http.get<RosterOut>(month(post, of)),
  rosterPreview: (post: number, of: string) => http.get<RosterPreview>(`${month(post, of)}/preview`),
  saveDraft: (post: number, of: string, body: { version: number; cells: readonly Cell[] }) => http.put<RosterPreview>(`${month(post, of)}/draft`, body),
  importSheet: (post: number, of: string, version: number, sheet: Blob, apply: boolean) =>
    http.post<RosterImport>(`${month(post, of)}/import?version=${version}&apply=${apply}`, sheet),
  propose: (post: number, of: string, body: { version: number; source: 'rotation' | 'published' }) => http.post<RosterPreview>(`${month(post, of)}/proposal`, body),
  publishRoster: (post: number, of: string, body: { version: number; accepting: string[] }) => http.post<RosterPreview>(`${month(post, of)}/publish`, body),
  generate: (body: GenerationIn) => http.post<Generation>('/api/duty/generation', body),
  generation: () => http.get<Generation>('/api/duty/generation'),
  cancelGeneration: () => http.delete<Generation>('/api/duty/generation'),
  override: (post: number, body: OverrideIn) => http.post<Override>(`/api/duty/posts/${post}/overrides`, body),
  revokeOverride: (post: number, id: number) => http.delete<Override>(`/api/duty/posts/${post}/overrides/${id}`),
  revokeTemporary: (post: number, id: number) => http.delete<Temporary>(`/api/duty/posts/${post}/temporary-schedules/${id}`),
  postPeople: (post: number) => http.get<PersonAtPost[]>(`/api/duty/posts/${post}/people`),
  daysOfYear: (year: number) => http.get<Day[]>(`/api/duty/years/${year}`),
  countyDays: () => http.get<CountyDay[]>('/api/duty/county-days'),
  settleDay: (on: string, body: CountyDayIn) => http.put<CountyDay>(`/api/duty/county-days/${on}`, body),
  clearDay: (on: string) => http.delete<CountyDay>(`/api/duty/county-days/${on}`),
  days: (of: string) => http.get<Day[]>(`/api/duty/days/${of}`),

  myShifts: () => http.get<Shift[]>('/api/duty/mine'),
  leave: () => http.get<Leave[]>('/api/duty/leave?days=200'),
  askLeave: (body: LeaveIn) => http.post<Leave>('/api/duty/leave', body),
  decideLeave: (id: number, body: Word) => http.post<Leave>(`/api/duty/leave/${id}/decision`, body),
  withdrawLeave: (id: number) => http.post<Leave>(`/api/duty/leave/${id}/withdrawal`),
  swaps: () => http.get<Swap[]>('/api/duty/swaps'),
  offerSwap: (body: SwapIn) => http.post<Swap>('/api/duty/swaps', body),
  takeSwap: (id: number, person_id: number | null = null) => http.post<Swap>(`/api/duty/swaps/${id}/take`, { person_id }),
  decideSwap: (id: number, body: Word) => http.post<Swap>(`/api/duty/swaps/${id}/decision`, body),
  withdrawSwap: (id: number) => http.post<Swap>(`/api/duty/swaps/${id}/withdrawal`),
  fileSwap: (id: number, filed_as: string) => http.post<Swap>(`/api/duty/swaps/${id}/filing`, { filed_as }),
  feeds: () => http.get<Feed[]>('/api/duty/feeds'),
  makeFeed: (post_id: number | null) => http.post<NewFeed>('/api/duty/feeds', { post_id }),
  revokeFeed: (id: number) => http.delete<Feed>(`/api/duty/feeds/${id}`),
}
