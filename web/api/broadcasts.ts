import { http } from './client'
import type { Answer, Ask } from './types'

export type Broadcast = Answer<'BroadcastBriefFact'>
export type BroadcastSheet = Answer<'BroadcastFact'>
export type BroadcastDelivery = Answer<'BroadcastDeliveryFact'>
export type BroadcastVillage = Answer<'BroadcastVillageFact'>
export type BroadcastCoverage = Answer<'BroadcastCoverageFact'>
export type BroadcastTemplate = Answer<'BroadcastTemplateFact'>
export type BroadcastIn = Ask<'BroadcastIn', 'press' | 'event_type' | 'title' | 'text'>
export type BroadcastWish = NonNullable<BroadcastIn['wish']>
export type AreaIn = { areas: string[]; polygons: [number, number][][]; replaces_id: number | null }
export type AreaSchedule = Answer<'AreaScheduleFact'>
export type Speaker = Answer<'SpeakerFact'>
export type SpeakerPage = Answer<'SpeakerPageFact'>
export type SpeakerRepair = Answer<'SpeakerRepairFact'>
export type Voice = Answer<'BroadcastVoiceFact'>
export type ConsentIn = Ask<'BroadcastConsentIn', 'revision' | 'consent_of' | 'phone' | 'at' | 'words'>
export type HeardAnswer = 'heard' | 'not_heard' | 'no_answer'

const of = (id: number, what = ''): string => `/api/broadcasts/${id}${what}`
const SPEAKERS = '/api/broadcast-terminals'

/** Every endpoint of emergency broadcast, one line each. */
export const broadcastsApi = {
  list: () => http.get<Broadcast[]>('/api/broadcasts?limit=100'),
  templates: () => http.get<BroadcastTemplate[]>('/api/broadcasts/templates'),
  schedule: () => http.get<AreaSchedule[]>('/api/broadcasts/schedule'),
  coverage: (body: AreaIn, drill: boolean) => http.post<BroadcastCoverage>(`/api/broadcasts/coverage?drill=${drill}`, body),
  voice: (file: File) => http.post<Voice>(`/api/broadcasts/voices?name=${encodeURIComponent(file.name)}`, file),
  draft: (body: BroadcastIn) => http.post<BroadcastSheet>('/api/broadcasts', body),
  edit: (id: number, body: BroadcastIn & { revision: number }) => http.put<BroadcastSheet>(of(id), body),
  one: (id: number) => http.get<BroadcastSheet>(of(id)),
  submit: (id: number, revision: number) => http.post<BroadcastSheet>(of(id, '/submission'), { revision }),
  approve: (id: number, revision: number, audible: number | null) => http.post<BroadcastSheet>(of(id, '/approval'), { revision, audible }),
  sendBack: (id: number, revision: number, remarks: string) => http.post<BroadcastSheet>(of(id, '/return'), { revision, remarks }),
  consent: (id: number, body: ConsentIn) => http.post<BroadcastSheet>(of(id, '/consent'), body),
  sign: (id: number) => http.post<BroadcastSheet>(of(id, '/signature')),
  stop: (id: number, reason: string) => http.post<BroadcastSheet>(of(id, '/stop'), { reason }),
  drop: (id: number, reason: string) => http.post<BroadcastSheet>(of(id, '/drop'), { reason }),
  delivery: (id: number) => http.get<BroadcastDelivery>(of(id, '/delivery')),
  draw: (id: number, count: number) => http.post<BroadcastDelivery>(of(id, '/verifications'), { count }),
  heard: (id: number, village: string, answer: HeardAnswer, person: string) => http.put<BroadcastDelivery>(of(id, `/verifications/${village}`), { answer, person }),
  proof: (id: number, file: File) => http.post<unknown>(of(id, `/proofs?name=${encodeURIComponent(file.name)}`), file),

  speakers: (query: string) => http.get<SpeakerPage>(`${SPEAKERS}?${query}`),
  mark: (region: string, drills: boolean) => http.put<SpeakerPage>(`${SPEAKERS}/drills/${region}`, { drills }),
  repairs: (done: boolean) => http.get<SpeakerRepair[]>(`${SPEAKERS}/repairs?done=${done}`),
  openRepair: (terminal_id: number, fault: string) => http.post<SpeakerRepair>(`${SPEAKERS}/repairs`, { terminal_id, fault }),
  takeRepair: (id: number, owner: string) => http.put<SpeakerRepair>(`${SPEAKERS}/repairs/${id}/owner`, { owner }),
  finishRepair: (id: number, note: string) => http.post<SpeakerRepair>(`${SPEAKERS}/repairs/${id}/done`, { note }),

  /** A warning this page was called with; null where that part of the house has none to tell. */
  warning: (id: number) => http.get<Record<string, unknown>>(`/api/warnings/${id}`).catch(() => null),
}

export const fileOf = (id: number): string => `/api/broadcasts/files/${id}`
/** Where the sheet is fetched to be printed. */
export const sheetPaper = (id: number, form: 'pdf' | 'docx'): string => `/api/documents/preview.${form}?kind=broadcast_sheet&id=${id}&part=`
