import { shallowRef } from 'vue'
import type { LonLat } from '@/model/geodesy'
import { townshipsOf } from '@/model/inside'
import type { Region } from '@/api/types'

/** An area drawn on the map, on its way to a form that asks where. */
export interface HandedArea {
  /** lon, lat. */
  readonly ring: [number, number][]
  readonly villages: readonly string[]
  readonly townships: readonly string[]
}

const handed = shallowRef<HandedArea | null>(null)

const rounded = (n: number): number => Math.round(n * 1e6) / 1e6

export const areaHanded = (ring: readonly LonLat[], villages: readonly Region[]): HandedArea => ({
  ring: ring.map(({ lon, lat }) => [rounded(lon), rounded(lat)]),
  villages: villages.map((v) => v.code),
  townships: townshipsOf(villages),
})

export function hand(ring: readonly LonLat[], villages: readonly Region[]): void {
  handed.value = areaHanded(ring, villages)
}

/** What was handed over, once. */
export function takeHanded(): HandedArea | null {
  const found = handed.value
  handed.value = null
  return found
}
