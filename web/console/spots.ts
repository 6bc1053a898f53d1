import { ref } from 'vue'
import type { Event } from '@/api/events'
import { isSpotCheck } from '@/model/spotCheckLog'
import { readPrompts } from '@/ui/prompts'

/** Counts what spot checks have said, so that whoever shows them knows when to look again. */
export const spotChecksTold = ref(0)

export function heardOfSpotChecks(event: Event): void {
  if (!isSpotCheck(event)) return
  spotChecksTold.value += 1
  if ('finding' in event && event.finding.method === 'app') void readPrompts()
}
