import { http } from './client'
import type { Answer } from './types'

export type ReplayTold = Answer<'ReplayFact'>
export type Onlooker = Answer<'OnlookerFact'>
export type Stay = Answer<'StayFact'>

/** The window in the address: the same for the screen and for the file. */
export const windowQuery = (start: string, end: string): string => `start=${encodeURIComponent(start)}&end=${encodeURIComponent(end)}`

/** A window of time once more, one line each. */
export const replayApi = {
  read: (start: string, end: string) => http.get<ReplayTold>(`/api/replay?${windowQuery(start, end)}`),
  file: (start: string, end: string): string => `/api/replay.html?${windowQuery(start, end)}`,
}
