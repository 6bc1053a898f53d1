import type { Region } from '@/api/types'
import { contains, type LonLat } from './geodesy'

const VILLAGES = ['village', 'community']

/** The villages and communities whose centre lies in an area, by code. */
export const villagesInside = (regions: readonly Region[], ring: readonly LonLat[]): Region[] =>
  regions.filter((r) => VILLAGES.includes(r.kind) && contains(ring, r)).sort((a, b) => a.code.localeCompare(b.code))

/** The corners of a named area as places. */
export const cornersOf = (ring: readonly (readonly number[])[]): LonLat[] => ring.map(([lon = 0, lat = 0]) => ({ lon, lat }))

/** The townships of villages, each once. */
export const townshipsOf = (villages: readonly Region[]): string[] => [...new Set(villages.map((v) => v.parent ?? v.code))]
