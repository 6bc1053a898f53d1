import { ref, shallowRef } from 'vue'
import type { Event } from '@/api/events'
import { reportingApi, type ReportDue } from '@/api/reporting'
import { bySoonest, movesDues } from '@/model/reporting'
import { calmly } from '../dutyDesk'

/** What is due of all incidents in sight, the soonest first; null while nobody has asked. */
export const dues = shallowRef<readonly ReportDue[] | null>(null)
/** Counts what may have moved a deadline, so that an open incident looks again. */
export const reportingTold = ref(0)

const TOGETHER_MS = 200

export async function readDues(): Promise<void> {
  const found = await reportingApi.dues().catch(() => null)
  if (found !== null) dues.value = bySoonest(found)
}

const again = calmly(readDues, TOGETHER_MS)

/** After an event that may move a deadline they are read anew. */
export function heardOfReporting(event: Event): void {
  if (!movesDues(event)) return
  reportingTold.value += 1
  if (dues.value !== null) again()
}
