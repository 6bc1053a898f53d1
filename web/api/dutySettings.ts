import { http } from './client'
import type { Answer, Ask } from './types'

/** What is set of a duty post: its seats, the rotations of its seats. */
export type PostSettings = Answer<'PostSettings'>
export type SeatIn = Ask<'SeatIn', 'role' | 'needed'>

const post = (id: number): string => `/api/duty/posts/${id}`

export const settingsApi = {
  settings: (id: number) => http.get<PostSettings>(`${post(id)}/settings`),
  setSeats: (id: number, seats: SeatIn[]) => http.put<PostSettings>(`${post(id)}/seats`, { seats }),
}
