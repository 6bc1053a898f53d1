import { http } from './client'
import type { Answer, Ask } from './types'

export type Drone = Answer<'DroneFact'>
export type DroneBoard = Answer<'DroneBoard'>
export type DroneMission = Answer<'DroneMissionFact'>
export type DroneMissionIn = Ask<'DroneMissionIn', 'device_id' | 'purpose' | 'pilot' | 'airspace_kind' | 'airspace'>
export type FlightTimeIn = Ask<'FlightTimeIn', never>

/** Every endpoint of drones, one line each. */
export const dronesApi = {
  board: () => http.get<DroneBoard>('/api/drones'),
  missions: () => http.get<DroneMission[]>('/api/drones/missions'),
  plan: (body: DroneMissionIn) => http.post<DroneMission>('/api/drones/missions', body),
  launch: (id: number, body: FlightTimeIn) => http.post<DroneMission>(`/api/drones/missions/${id}/launch`, body),
  land: (id: number, body: FlightTimeIn) => http.post<DroneMission>(`/api/drones/missions/${id}/landing`, body),
  live: (id: number, body: Ask<'DroneLiveIn', 'action'>) => http.post<Answer<'DroneLiveFact'>>(`/api/drones/${id}/live`, body),
}
