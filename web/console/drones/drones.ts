import { shallowRef } from 'vue'
import { dronesApi, type DroneBoard, type DroneMission } from '@/api/drones'
import type { Event } from '@/api/events'
import { isDrone } from '@/model/droneLog'
import { calmly } from '../dutyDesk'

/** Drones and flights as last read. */
export const board = shallowRef<DroneBoard | null>(null)
export const missions = shallowRef<readonly DroneMission[]>([])

/** Heights and batteries come as telemetry, which is in no event: they are looked at while the page is open. */
export const LOOK_MS = 2_000
const TOGETHER_MS = 150

export async function readBoard(): Promise<void> {
  board.value = await dronesApi.board().catch(() => board.value)
}

export async function readDrones(): Promise<void> {
  const [, flights] = await Promise.all([readBoard(), dronesApi.missions().catch(() => missions.value)])
  missions.value = flights
}

const again = calmly(readDrones, TOGETHER_MS)

export function heardOfDrones(event: Event): void {
  if (isDrone(event)) again()
}
