import { ref } from 'vue'
import type { Event } from '@/api/events'

/** Grows when the feed tells of a call, and when the line is back: whoever shows calls reads anew. */
export const calloutsTold = ref(0)

export function heardOfCallouts(event: Event): void {
  if (event.type.startsWith('callout.')) calloutsTold.value += 1
}
