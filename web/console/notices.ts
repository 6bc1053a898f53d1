import { ref } from 'vue'
import { api } from '@/api/calls'
import type { Event } from '@/api/events'

/** How many notices wait to be judged: shown on every page until somebody judges them. */
export const noticesWaiting = ref(0)
/** Counts what was told of notices, so that whoever shows them looks again. */
export const noticesTold = ref(0)

export async function countNotices(): Promise<void> {
  const waiting = await api.notices('waiting').catch(() => null)
  if (waiting !== null) noticesWaiting.value = waiting.length
}

export function heardOfNotices(event: Event): void {
  if (!event.type.startsWith('intake.')) return
  noticesTold.value += 1
  void countNotices()
}
