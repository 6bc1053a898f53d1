import { shallowRef } from 'vue'
import type { Event } from '@/api/events'
import { reportingApi, type ReportDue } from '@/api/reporting'
import type { Me } from '@/api/types'
import { bySoonest, movesDues } from '@/model/reporting'

const STORED = 'zhishou.field.dues'
const TOGETHER_MS = 500
/** As many as a phone shows without scrolling past the task. */
export const MOST = 5

function kept(): ReportDue[] {
  const text = localStorage.getItem(STORED)
  return text === null ? [] : (JSON.parse(text) as ReportDue[])
}

/** What is due next of the incidents this person's desk sees; without the network the last known. */
export const dues = shallowRef<readonly ReportDue[]>(kept())

let waiting: number | undefined

export async function readDues(who: Me | null): Promise<void> {
  if (!(who?.permissions.includes('see_desk') ?? false)) return forgetDues()
  const found = await reportingApi.dues().catch(() => null)
  if (found === null) return
  dues.value = bySoonest(found)
  localStorage.setItem(STORED, JSON.stringify(dues.value.slice(0, MOST)))
}

export function heardOfDues(event: Event, who: Me | null): void {
  if (!movesDues(event)) return
  clearTimeout(waiting)
  waiting = window.setTimeout(() => void readDues(who), TOGETHER_MS)
}

export function forgetDues(): void {
  dues.value = []
  localStorage.removeItem(STORED)
}
