import { http } from './client'
import type { components } from './schema'
import type { Me } from './types'

export type Wall = components['schemas']['WallFact']
export type NewWall = components['schemas']['NewWall']

export const wallsApi = {
  list: () => http.get<Wall[]>('/api/walls'),
  make: (name: string, regionCode: string | null) => http.post<NewWall>('/api/walls', { name, region_code: regionCode }),
  revoke: (id: number) => http.post<Wall>(`/api/walls/${id}/revoke`),
  enter: (token: string) => http.post<Me>('/api/walls/session', { token }),
}
