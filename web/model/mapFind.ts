import type { BaseMap, Region } from '@/api/types'
import type { Shelter } from '@/api/shelters'
import { readCoordinates } from './coordinates'
import type { LonLat } from './geodesy'
import { meetsName } from './pinyin'
import { placePath, searchPlaces } from './places'

export interface FoundPlace extends LonLat {
  readonly id: string
  readonly kind: 'place' | 'shelter' | 'milestone' | 'point'
  readonly name: string
  /** Where it lies, or nothing. */
  readonly path: string
}

export interface Milestone extends LonLat {
  readonly name: string
}

const MOST = 10

/** The milestones of the county's own map: points of `kind` milestone, named by road and kilometre. */
export const milestonesOf = (base: BaseMap): Milestone[] =>
  base.features.flatMap(({ properties, geometry }) => {
    const [lon, lat] = Array.isArray(geometry.coordinates) ? geometry.coordinates : []
    const known = properties.kind === 'milestone' && geometry.type === 'Point' && typeof properties.name === 'string'
    return known && typeof lon === 'number' && typeof lat === 'number' ? [{ name: properties.name ?? '', lon, lat }] : []
  })

const plain = (text: string): string => text.toLowerCase().replace(/\s/g, '')

/** By name, spelling or first letters, from any syllable on. */
function meets(query: string, name: string): number | null {
  const whole = meetsName(query, name)
  if (whole !== null) return whole
  for (let from = 1; from < Math.min(name.length, 24); from += 1) {
    if (meetsName(query, name.slice(from)) !== null) return 6 + from / 10
  }
  return null
}

/** What an operator may mean: a place in figures, a township or village, a shelter, a milestone. */
export function findOnMap(text: string, regions: readonly Region[], shelters: readonly Pick<Shelter, 'id' | 'name_zh' | 'lon' | 'lat' | 'region_code'>[], milestones: readonly Milestone[]): FoundPlace[] {
  const query = text.trim()
  if (query === '') return []
  const point = readCoordinates(query)
  if (point !== null) return [{ id: 'point', kind: 'point', name: query, path: '', ...point }]
  const byCode = new Map(regions.map((r) => [r.code, r]))
  const pathOf = (code: string): string => {
    const region = byCode.get(code)
    return region === undefined ? '' : placePath(region, byCode)
  }
  const known = searchPlaces(regions, query, MOST).map(({ region }) => region)
  const spelt = regions.filter((r) => r.parent !== null && !known.includes(r) && meets(query, r.name) !== null)
  const places = [...known, ...spelt].map((r, order) => ({ rank: (meets(query, r.name) ?? 3) + order / 1000, found: { id: r.code, kind: 'place' as const, name: r.name, path: pathOf(r.parent ?? ''), lon: r.lon, lat: r.lat } }))
  const others = shelters.flatMap((s) => {
    const rank = meets(query, s.name_zh)
    return rank === null ? [] : [{ rank: rank + 0.5, found: { id: `shelter-${s.id}`, kind: 'shelter' as const, name: s.name_zh, path: pathOf(s.region_code), lon: s.lon, lat: s.lat } }]
  })
  const stones = milestones.flatMap((m) => (plain(m.name).includes(plain(query)) ? [{ rank: plain(m.name) === plain(query) ? 0 : 5, found: { id: m.name, kind: 'milestone' as const, path: '', ...m } }] : []))
  return [...places, ...others, ...stones]
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST)
    .map(({ found }) => found)
}
