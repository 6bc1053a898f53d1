import { http } from './client'
import type { Answer, Ask } from './types'

/** A release: its coarse sector, measured values, countersigned lifting. */
export type ReleaseBoard = Answer<'ReleaseBoard'>
export type ReleaseSeries = Answer<'ReleaseSeries'>
export type SectorIn = Ask<'ReleaseSectorIn', 'substance' | 'size' | 'basis' | 'wind_from_deg' | 'wind_mps' | 'isolate_m' | 'evacuate_m' | 'protect_m'>
export type ReadingIn = Ask<'ReleaseReadingIn', 'point' | 'substance' | 'value' | 'unit' | 'normal_to' | 'source'>

const of = (incident: number, what = ''): string => `/api/incidents/${incident}/release${what}`

export const releases = {
  board: (id: number) => http.get<ReleaseBoard>(of(id)),
  draw: (id: number, body: SectorIn) => http.post<ReleaseBoard>(of(id, '/sector'), body),
  measure: (id: number, body: ReadingIn) => http.post<ReleaseBoard>(of(id, '/readings'), body),
  propose: (id: number, units: number[], words: string) => http.post<ReleaseBoard>(of(id, '/lifting'), { units, words }),
  sign: (id: number, body: Ask<'ReleaseSignatureIn', 'unit_id' | 'verdict' | 'name'>) => http.post<ReleaseBoard>(of(id, '/lifting/signatures'), body),
  lift: (id: number, commander: string, reason: string) => http.post<ReleaseBoard>(of(id, '/lifting/end'), { commander, reason }),
}
