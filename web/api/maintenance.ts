/** Contacts in maintenance: channels and teams through which nothing is sent and nothing escalates. */
import { http } from './client'
import type { Answer, Ask } from './types'

export type Maintenance = Answer<'MaintenanceFact'>
export type MaintenanceIn = Ask<'MaintenanceIn', 'until' | 'reason'>
export const LADDER_CHANNELS = ['app', 'jt808', 'beidou', 'radio', 'satellite_phone', 'sbd'] as const

export const maintenanceApi = {
  standing: () => http.get<Maintenance[]>('/api/maintenance'),
  begin: (body: MaintenanceIn) => http.post<Maintenance>('/api/maintenance', body),
  end: (id: number) => http.post<Maintenance>(`/api/maintenance/${id}/end`),
}
