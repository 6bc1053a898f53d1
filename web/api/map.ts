import { http } from './client'
import type { Answer } from './types'

export type Track = Answer<'TrackFact'>
export type GroundTold = Answer<'GroundFact'>

/** Every endpoint of the map, one line each. */
export const mapApi = {
  ground: () => http.get<GroundTold>('/api/map/ground'),
  trail: (team: number, minutes: number) => http.get<Track[]>(`/api/map/trails/${team}?minutes=${minutes}`),
}
