import { ref } from 'vue'
import type { Event } from '@/api/events'
import { leftSight } from '@/model/withdrawn'
import { isStatusCall } from '@/model/statusCallLog'

/** Counts what round-ups have said, so that whoever shows them knows when to look again. */
export const statusCallsTold = ref(0)

let waiting: ReturnType<typeof setTimeout> | undefined

/** A reminder to 23 units is 23 events and one look. */
export function heardOfStatusCalls(event: Event): void {
  if ((!isStatusCall(event) && leftSight(event) === null) || waiting !== undefined) return
  waiting = setTimeout(() => {
    waiting = undefined
    statusCallsTold.value += 1
  }, 200)
}
