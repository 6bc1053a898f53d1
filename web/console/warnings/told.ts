import { ref, shallowRef } from 'vue'
import { warningsApi, type WarningBrief } from '@/api/warnings'
import type { Event } from '@/api/events'
import { isWarning } from '@/model/warningLog'

/** What this desk has not acknowledged: shown on every page until somebody does. */
export const warningsOpen = shallowRef<readonly WarningBrief[]>([])
/** Counts what was told of warnings, so that whoever shows them looks again. */
export const warningsTold = ref(0)

export async function readWarnings(): Promise<void> {
  const found = await warningsApi.unacknowledged().catch(() => null)
  if (found !== null) warningsOpen.value = found
}

export function heardOfWarnings(event: Event): void {
  if (!isWarning(event)) return
  warningsTold.value += 1
  if ('warning' in event) void readWarnings()
}
