import { http } from './client'
import type { Answer } from './types'

export type BreakGlass = Answer<'BreakGlassFact'>

/** The sealed emergency login. The code goes without a key under which its answer would be kept. */
export const breakGlassApi = {
  state: () => http.get<BreakGlass>('/api/break-glass'),
  open: (code: string, name: string, reason: string) => http.ask<Answer<'Me'>>('/api/login/break-glass', { code, name, reason }),
  close: () => http.post<BreakGlass>('/api/break-glass/closing'),
}
