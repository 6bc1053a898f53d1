import { http } from './client'
import type { Cell, Temporary } from './duty'
import type { Answer, Ask } from './types'

/** What is set of a duty post: its seats, the rotations of its seats. */
export type PostSettings = Answer<'PostSettings'>
export type Rotation = PostSettings['rotations'][number]
export type RotationIn = Ask<'RotationIn', 'seat_id' | 'kind' | 'starts_at' | 'groups'>
export type TemporaryIn = Ask<'TemporaryIn', 'seat_id' | 'starts_at' | 'ends_at' | 'shifts' | 'reason'>
export type Wish = Answer<'WishFact'>
export type WishIn = Ask<'WishIn', 'day' | 'kind'>
export type SeatIn = Ask<'SeatIn', 'role' | 'needed'>

const post = (id: number): string => `/api/duty/posts/${id}`

export const settingsApi = {
  settings: (id: number) => http.get<PostSettings>(`${post(id)}/settings`),
  setSeats: (id: number, seats: SeatIn[]) => http.put<PostSettings>(`${post(id)}/seats`, { seats }),
  temporaries: (id: number) => http.get<Temporary[]>(`${post(id)}/temporary-schedules`),
  setTemporary: (id: number, body: TemporaryIn) => http.post<Temporary>(`${post(id)}/temporary-schedules`, body),
  endTemporary: (id: number, temporary: number) => http.delete<Temporary>(`${post(id)}/temporary-schedules/${temporary}`),
  wishes: (id: number, month: string) => http.get<Wish[]>(`${post(id)}/wishes/${month}`),
  myWishes: (month: string) => http.get<Wish[]>(`/api/duty/wishes/${month}`),
  wish: (body: WishIn) => http.put<undefined>('/api/duty/wishes', body),
  previewRotation: (id: number, body: RotationIn) => http.ask<Cell[]>(`${post(id)}/rotations/preview`, body),
  addRotation: (id: number, body: RotationIn) => http.post<PostSettings>(`${post(id)}/rotations`, body),
  endRotation: (id: number, rotation: number) => http.delete<PostSettings>(`${post(id)}/rotations/${rotation}`),
}
