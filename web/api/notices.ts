import { http } from './client'
import type { Answer } from './types'

/** Notices to persons: shapes and endpoints. */
export type PersonNotice = Answer<'NoticeFact'>

const AT = '/api/notices'

export const notices = {
  mine: () => http.get<PersonNotice[]>(`${AT}/mine`),
  latest: () => http.get<PersonNotice[]>(AT),
  send: (personIds: readonly number[], text: string) => http.post<PersonNotice[]>(AT, { person_ids: personIds, text }),
  read: (id: number) => http.post<PersonNotice>(`${AT}/${id}/read`),
}
