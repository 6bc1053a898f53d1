import { http } from './client'
import type { Cell } from './duty'
import type { Answer, Ask } from './types'

/** What is set of a duty post: its seats, the rotations of its seats. */
export type PostSettings = Answer<'PostSettings'>
export type Rotation = PostSettings['rotations'][number]
export type RotationIn = Ask<'RotationIn', 'seat_id' | 'kind' | 'starts_at' | 'groups'>
export type SeatIn = Ask<'SeatIn', 'role' | 'needed'>

const post = (id: number): string => `/api/duty/posts/${id}`

export const settingsApi = {
  settings: (id: number) => http.get<PostSettings>(`${post(id)}/settings`),
  setSeats: (id: number, seats: SeatIn[]) => http.put<PostSettings>(`${post(id)}/seats`, { seats }),
  previewRotation: (id: number, body: RotationIn) => http.ask<Cell[]>(`${post(id)}/rotations/preview`, body),
  addRotation: (id: number, body: RotationIn) => http.post<PostSettings>(`${post(id)}/rotations`, body),
  endRotation: (id: number, rotation: number) => http.delete<PostSettings>(`${post(id)}/rotations/${rotation}`),
}
