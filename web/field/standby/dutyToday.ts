import { shallowRef } from 'vue'
import { http } from '@/api/client'
import type { Answer } from '@/api/types'
import type { Shift } from '@/api/duty'

export type Desk = Answer<'DeskOut'>
type Kept = { readonly shifts: readonly Shift[]; readonly desks: readonly Desk[] }

const STORED = 'zhishou.field.duty'
const DAYS = 7

function kept(): Kept {
  const text = localStorage.getItem(STORED)
  return text === null ? { shifts: [], desks: [] } : (JSON.parse(text) as Kept)
}

/** My next shifts and whom to call; without the network the last known. */
export const duty = shallowRef<Kept>(kept())

export async function readDuty(): Promise<void> {
  const read = Promise.all([http.get<Shift[]>(`/api/duty/mine?days=${DAYS}`), http.get<Desk[]>('/api/duty/desks')])
  const found = await read.catch(() => null)
  if (found === null) return
  duty.value = { shifts: found[0], desks: found[1] }
  localStorage.setItem(STORED, JSON.stringify(duty.value))
}

export function forgetDuty(): void {
  duty.value = { shifts: [], desks: [] }
  localStorage.removeItem(STORED)
}
