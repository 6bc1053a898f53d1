import { ref } from 'vue'
import { exchangeApi } from '@/api/exchange'
import type { Event } from '@/api/events'

/** How many reports from other houses nobody has acknowledged: shown on every page until somebody does. */
export const receivedWaiting = ref(0)
/** Counts what was told of reports between houses, so that whoever shows them looks again. */
export const exchangeTold = ref(0)

const ABOUT = ['received_report.', 'peer.', 'intake.', 'report.sent', 'report.delivered', 'report.undelivered', 'report.acknowledged', 'report.confirmed']

export async function countReceived(): Promise<void> {
  const found = await exchangeApi.waiting().catch(() => null)
  if (found !== null) receivedWaiting.value = found.waiting
}

export function heardOfExchange(event: Event): void {
  if (!ABOUT.some((begin) => event.type.startsWith(begin))) return
  exchangeTold.value += 1
  if (event.type.startsWith('received_report.')) void countReceived()
}
