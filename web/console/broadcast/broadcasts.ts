import { ref, shallowRef } from 'vue'
import type { Event } from '@/api/events'
import { broadcastsApi, type AreaSchedule, type Broadcast } from '@/api/broadcasts'
import { isBroadcast } from '@/model/broadcastLog'
import { attempt } from '@/ui/notice'
import { calmly } from '../dutyDesk'

/** Broadcasts and what is on the air, as last read. */
export const broadcasts = shallowRef<readonly Broadcast[]>([])
export const onAir = shallowRef<readonly AreaSchedule[]>([])
/** Goes up whenever something happened to a broadcast: what is shown is read again. */
export const broadcastsTold = ref(0)

const TOGETHER_MS = 200
const again = calmly(() => (broadcastsTold.value += 1), TOGETHER_MS)

export function heardOfBroadcasts(event: Event): void {
  if (isBroadcast(event)) again()
}

export async function readBroadcasts(): Promise<void> {
  const [all, air] = await Promise.all([attempt(broadcastsApi.list), attempt(broadcastsApi.schedule)])
  if (all !== undefined) broadcasts.value = all
  if (air !== undefined) onAir.value = air
}
