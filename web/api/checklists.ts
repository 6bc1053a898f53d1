import { http } from './client'
import type { Answer, Ask } from './types'

export type Checklists = Answer<'ChecklistsFact'>
export type Checklist = Answer<'ChecklistFact'>
export type ChecklistItem = Answer<'ChecklistItemFact'>
export type ChecklistTownship = Answer<'ChecklistTownshipFact'>
export type ChecklistPlace = Answer<'ChecklistPlaceFact'>
export type ChecklistDetail = Answer<'ChecklistDetailFact'>
export type ItemState = Answer<'ItemStateFact'>
export type Evidence = Answer<'ChecklistEvidenceFact'>

/** Every endpoint of the checklists, one line each. */
export const checklistApi = {
  board: () => http.get<Checklists>('/api/checklists'),
  place: (code: string) => http.get<ChecklistDetail>(`/api/checklists/${code}`),
  give: (code: string, body: Ask<'ChecklistEvidenceIn', 'item' | 'note'>) =>
    http.post<Evidence>(`/api/checklists/${code}/evidence`, body),
  revoke: (id: number, reason: string) =>
    http.post<Evidence>(`/api/checklists/evidence/${id}/revocation`, { reason }),
}
