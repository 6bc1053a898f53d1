import { computed, ref, shallowRef } from 'vue'
import type { Event } from '@/api/events'
import { responsesApi, type ResponseBoard } from '@/api/responses'
import { isOrder } from '@/model/orderLog'
import { isResponse } from '@/model/responseLog'
import { leftSight } from '@/model/withdrawn'
import { calmly } from '../dutyDesk'

/** The responses as last read: the header shows what is in force on every page. */
export const board = shallowRef<ResponseBoard | null>(null)
export const active = computed(() => (board.value?.running ?? []).filter((r) => r.state === 'active'))
/** Goes up whenever a plan, a card in force or a response changed; receipts count for `receiptsTold` only. */
export const responsesTold = ref(0)
export const receiptsTold = ref(0)

const TOGETHER_MS = 150
const again = calmly(() => {
  responsesTold.value += 1
  void readResponses()
}, TOGETHER_MS)
const receipts = calmly(() => (receiptsTold.value += 1), TOGETHER_MS)

export async function readResponses(): Promise<void> {
  board.value = await responsesApi.board().catch(() => board.value)
}

export function heardOfResponses(event: Event): void {
  // What duty follows comes a moment after the decision: its round-up and its key period tell of it.
  if (isResponse(event) || event.type.startsWith('readiness.period') || event.type === 'status_call.repeat_set' || leftSight(event) !== null) again()
  if (isOrder(event) || (event.type === 'delivery.delivered' && event.delivery.order_recipient_id !== null)) receipts()
}
