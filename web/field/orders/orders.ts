import { shallowRef } from 'vue'
import type { Event } from '@/api/events'
import { ordersApi, type MyOrder } from '@/api/orders'
import { isOrder } from '@/model/orderLog'
import { serverNow } from '@/ui/clock'
import type { Draft } from '../sending'

const STORED = 'zhishou.field.orders'

function kept(): MyOrder[] {
  const text = localStorage.getItem(STORED)
  return text === null ? [] : (JSON.parse(text) as MyOrder[])
}

/** The open orders of this person; without the network the last known ones. */
export const orders = shallowRef<readonly MyOrder[]>(kept())

const shown = new Set<number>()

export async function readOrders(): Promise<void> {
  const found = await ordersApi.mine().catch(() => null)
  if (found === null) return
  orders.value = found
  localStorage.setItem(STORED, JSON.stringify(found))
  for (const { part } of found) {
    if (part.state !== 'sent' || shown.has(part.id)) continue
    shown.add(part.id)
    void ordersApi.shown(part.id).catch(() => shown.delete(part.id))
  }
}

export function heardOfOrders(event: Event): void {
  if (isOrder(event)) void readOrders()
}

const parcel = (id: number, step: 'acknowledge' | 'feedback', body: Record<string, unknown>): Draft => ({
  path: `/api/orders/recipients/${id}/${step}`,
  body: { channel: 'app', happened_at: new Date(serverNow()).toISOString(), ...body },
  what: step === 'acknowledge' ? 'field.orderAck' : 'field.orderWords',
})

export const acknowledging = ({ part }: MyOrder): Draft => parcel(part.id, 'acknowledge', {})

export function reporting({ part }: MyOrder, text: string, all: boolean): Draft {
  const done = all ? part.tasks.filter((x) => x.state === 'open').map((x) => x.id) : []
  return parcel(part.id, 'feedback', { text, done_task_ids: done })
}

export function forgetOrders(): void {
  orders.value = []
  localStorage.removeItem(STORED)
}
