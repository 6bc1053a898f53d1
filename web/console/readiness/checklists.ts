import { shallowRef } from 'vue'
import { checklistApi, type ChecklistDetail, type Checklists } from '@/api/checklists'
import { attempt } from '@/ui/notice'

/** The checklists as last read, and the place that is open beside them. */
export const checklists = shallowRef<Checklists | null>(null)
export const detail = shallowRef<ChecklistDetail | null>(null)

export async function readChecklists(): Promise<void> {
  const found = await attempt(checklistApi.board)
  if (found !== undefined) checklists.value = found
}

export async function readPlace(code: string): Promise<void> {
  const found = await attempt(() => checklistApi.place(code))
  if (found !== undefined) detail.value = found
}
