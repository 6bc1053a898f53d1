import { ref, shallowRef } from 'vue'
import type { Event } from '@/api/events'
import { spotChecks, type SpotPrompt } from '@/api/spotChecks'
import { isSpotCheck } from '@/model/spotCheckLog'

/** Counts what spot checks have said, so that whoever shows them knows when to look again. */
export const spotChecksTold = ref(0)
/** The calls over the app that wait for a tap of this desk. */
export const prompts = shallowRef<readonly SpotPrompt[]>([])

export async function readPrompts(): Promise<void> {
  prompts.value = await spotChecks.prompts().catch(() => prompts.value)
}

export function heardOfSpotChecks(event: Event): void {
  if (!isSpotCheck(event)) return
  spotChecksTold.value += 1
  if ('finding' in event && event.finding.method === 'app') void readPrompts()
}
