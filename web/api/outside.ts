import { http } from './client'
import type { Answer, Ask } from './types'

/** Teams of others that come to help. */
export type OutsideTeam = Answer<'OutsideTeamFact'>
export type OutsideHelp = Answer<'OutsideHelp'>
export type OutsideCount = Answer<'OutsideCount'>
export type OutsideTeamIn = Ask<'OutsideTeamIn', 'name' | 'origin' | 'leader_name' | 'leader_phone' | 'strength' | 'region_code'>
export type OutsideStep = Ask<'OutsideStepIn', 'step' | 'revision'>

export const outsideApi = {
  board: (state = '') => http.get<OutsideHelp>(`/api/outside-teams${state === '' ? '' : `?state=${state}`}`),
  announce: (body: OutsideTeamIn) => http.post<OutsideTeam>('/api/outside-teams', body),
  step: (id: number, body: OutsideStep) => http.post<OutsideTeam>(`/api/outside-teams/${id}/steps`, body),
}
