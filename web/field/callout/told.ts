import { ref } from 'vue'
import type { Event } from '@/api/events'

/** Grows when the feed tells that what calls this person has changed, and when the line is back. */
export const calloutsTold = ref(0)

export function heardOfCallouts(event: Event): void {
  if (event.type === 'callout.yours') calloutsTold.value += 1
}
