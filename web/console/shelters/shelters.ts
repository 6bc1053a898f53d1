import { ref, shallowRef } from 'vue'
import type { Event } from '@/api/events'
import { sheltersApi, type Evacuation, type Shelter, type VillageShelter } from '@/api/shelters'
import { isShelter } from '@/model/shelterLog'
import { attempt } from '@/ui/notice'
import { calmly } from '../dutyDesk'

/** Shelters, evacuations and who goes where as last read. */
export const shelters = shallowRef<readonly Shelter[]>([])
export const evacuations = shallowRef<readonly Evacuation[]>([])
export const villages = shallowRef<readonly VillageShelter[]>([])
/** Goes up whenever somebody was moved or counted: what is drawn is read again. */
export const sheltersTold = ref(0)

const TOGETHER_MS = 150
const again = calmly(() => (sheltersTold.value += 1), TOGETHER_MS)

export function heardOfShelters(event: Event): void {
  if (isShelter(event)) again()
}

export async function readShelters(): Promise<void> {
  const [places, moves, goals] = await Promise.all([attempt(sheltersApi.list), attempt(sheltersApi.evacuations), attempt(sheltersApi.villages)])
  if (places !== undefined) shelters.value = places
  if (moves !== undefined) evacuations.value = moves
  if (goals !== undefined) villages.value = goals
}
