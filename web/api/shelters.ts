import { http } from './client'
import type { Answer, Ask } from './types'

export type Shelter = Answer<'ShelterFact'>
export type ShelterCard = Answer<'ShelterCardFact'>
export type ShelterCount = Answer<'ShelterCountFact'>
export type ShelterNear = Answer<'ShelterNearFact'>
export type VillageShelter = Answer<'VillageShelterFact'>
export type Evacuation = Answer<'EvacuationFact'>
export type EvacuationTally = Answer<'EvacuationTallyFact'>
export type Evacuee = Answer<'EvacueeFact'>
export type ResidentImport = Answer<'ResidentImportOut'>
export type EvacueeTickIn = Ask<'EvacueeTickIn', 'people'>

const of = (id: number): string => `/api/evacuations/${id}`

/** Every endpoint of shelters and evacuations, one line each. */
export const sheltersApi = {
  list: () => http.get<Shelter[]>('/api/shelters'),
  near: (query: string) => http.get<ShelterNear[]>(`/api/shelters/near?limit=400&${query}`),
  card: (id: number) => http.get<ShelterCard>(`/api/shelters/${id}`),
  open: (id: number, body: Ask<'ShelterOpenIn', 'reason'>) => http.post<Shelter>(`/api/shelters/${id}/opening`, body),
  count: (id: number, body: Ask<'ShelterCountIn', 'heads'>) => http.post<Shelter>(`/api/shelters/${id}/counts`, body),
  amend: (id: number, body: Ask<'ShelterPatch', 'version'>) => http.patch<Shelter>(`/api/shelters/${id}`, body),
  close: (id: number, reason: string) => http.post<Shelter>(`/api/shelters/${id}/closing`, { reason }),
  villages: () => http.get<VillageShelter[]>('/api/shelters/villages'),
  assign: (village: string, body: Ask<'VillageShelterIn', 'shelter_id'>) => http.put<VillageShelter>(`/api/shelters/villages/${village}`, body),

  evacuations: () => http.get<Evacuation[]>('/api/evacuations'),
  order: (body: Ask<'EvacuationIn', 'villages' | 'reason'>) => http.post<Evacuation>('/api/evacuations', body),
  people: (id: number) => http.get<Evacuee[]>(`${of(id)}/people`),
  add: (id: number, body: Ask<'EvacueeIn', 'village_code' | 'household' | 'name'>) => http.post<Evacuation>(`${of(id)}/people`, body),
  tick: (id: number, body: EvacueeTickIn) => http.post<Evacuation>(`${of(id)}/ticks`, body),
  refuse: (id: number, body: Ask<'EvacuationRefusalIn', 'people' | 'reason' | 'witness'>) => http.post<Evacuation>(`${of(id)}/refusals`, body),
  correct: (id: number, people: number[], reason: string) => http.post<Evacuation>(`${of(id)}/corrections`, { people, reason }),
  bringBack: (id: number, people: number[], back: 'home' | 'missing') => http.post<Evacuation>(`${of(id)}/returns`, { people, back }),
  end: (id: number, reason: string) => http.post<Evacuation>(`${of(id)}/end`, { reason }),
  importSheet: (sheet: Blob, apply: boolean) => http.post<ResidentImport>(`/api/evacuations/residents/import?apply=${apply}`, sheet),
}

export const RESIDENT_SHEET = '/api/evacuations/residents.xlsx'
/** Where the lists of an evacuation are fetched to be printed. */
export const paperOf = (id: number, kind: 'list' | 'return', form: 'pdf' | 'docx'): string => `${of(id)}/${kind}.${form}`
