import { leftSight } from '@/model/withdrawn'
import { ref, shallowRef } from 'vue'
import type { Event } from '@/api/events'
import { suppliesApi, type Supplies, type SupplyTransfer } from '@/api/supplies'
import { isSupply } from '@/model/supplyLog'
import { attempt } from '@/ui/notice'
import { calmly } from '../dutyDesk'

/** The stock and the orders as last read. */
export const supplies = shallowRef<Supplies | null>(null)
export const transfers = shallowRef<readonly SupplyTransfer[]>([])
/** Goes up whenever somebody moved supplies: what is drawn is read again. */
export const suppliesTold = ref(0)

const TOGETHER_MS = 150
/** Several events of one request are one reason to look again. */
const again = calmly(() => (suppliesTold.value += 1), TOGETHER_MS)

export function heardOfSupplies(event: Event): void {
  if (isSupply(event) || leftSight(event) !== null) again()
}

export async function readSupplies(): Promise<void> {
  const [page, orders] = await Promise.all([attempt(suppliesApi.overview), attempt(suppliesApi.transfers)])
  if (page !== undefined) supplies.value = page
  if (orders !== undefined) transfers.value = orders
}
