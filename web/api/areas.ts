import { http } from './client'
import type { Answer, Ask } from './types'

export type NamedArea = Answer<'AreaFact'>
export type AreaKind = NamedArea['kind']
export type AreaIn = Ask<'AreaIn', 'name' | 'kind' | 'ring'>

/** Areas that were drawn on the map and given a name. */
export const areasApi = {
  list: () => http.get<NamedArea[]>('/api/map/areas'),
  draw: (told: AreaIn) => http.post<NamedArea>('/api/map/areas', told),
  amend: (id: number, told: AreaIn & { revision: number }) => http.put<NamedArea>(`/api/map/areas/${id}`, told),
  remove: (id: number) => http.delete<undefined>(`/api/map/areas/${id}`),
}
