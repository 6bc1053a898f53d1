import { ref } from 'vue'
import type { Event } from '@/api/events'
import { leftSight } from '@/model/withdrawn'
import { isOrder } from '@/model/orderLog'

/** Counts what was told about orders, so that whoever shows them knows when to look again. */
export const ordersTold = ref(0)

const TOGETHER_MS = 150
let waiting: ReturnType<typeof setTimeout> | undefined

/** A receipt of a message changes how far an order is, too. Several events are one reason to look again. */
export function heardOfOrders(event: Event): void {
  const delivered = event.type === 'delivery.delivered' && event.delivery.order_recipient_id !== null
  if (!isOrder(event) && !delivered && leftSight(event) === null) return
  clearTimeout(waiting)
  waiting = setTimeout(() => (ordersTold.value += 1), TOGETHER_MS)
}
