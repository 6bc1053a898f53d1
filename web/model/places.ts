import type { EventType, Region, TeamFact } from '@/api/types'
import { spell } from './pinyin'

export interface Place {
  readonly region: Region
  /** From the township down: `临溪镇 东岸村`. */
  readonly path: string
}

export const fold = (text: string): string => text.toLowerCase().replace(/[\s'’·-]/g, '')

/** First letters of a romanised name: `Lin Xi Zhen` and `Linxi Town` give `lxz`, `lt`. */
export const initials = (name: string): string =>
  name
    .split(/[\s-]+/)
    .map((word) => word[0] ?? '')
    .join('')
    .toLowerCase()

/** How well a query meets a name: lower is better, null is no match. */
function meet(query: string, zh: string, en: string, code: string): number | null {
  if (zh === query) return 0
  if (zh.startsWith(query)) return 1
  const latin = fold(en)
  if (latin.startsWith(query) || code.startsWith(query)) return 2
  if (initials(en).startsWith(query)) return 3
  if (zh.includes(query)) return 4
  return latin.includes(query) ? 5 : null
}

/** The root of the tree, whatever a place of that size is called (county, city, district). */
const isCounty = (region: Region): boolean => region.parent === null

export function placePath(region: Region, byCode: ReadonlyMap<string, Region>): string {
  const parent = region.parent === null ? undefined : byCode.get(region.parent)
  return parent === undefined || isCounty(parent) ? region.name : `${placePath(parent, byCode)} ${region.name}`
}

/** Places by name, pinyin or code; several words narrow down (`临溪 东岸`). */
export function searchPlaces(regions: readonly Region[], text: string, limit = 8): Place[] {
  const words = text.trim().split(/\s+/).map(fold).filter(Boolean)
  const last = words.at(-1)
  if (last === undefined) return []
  const byCode = new Map(regions.map((r) => [r.code, r]))
  return regions
    .filter((region) => !isCounty(region))
    .flatMap((region) => {
      const rank = meet(last, region.name, region.name_en, region.code)
      if (rank === null) return []
      const path = placePath(region, byCode)
      const parent = region.parent === null ? undefined : byCode.get(region.parent)
      const around = fold(`${path}${parent?.name_en ?? ''}${region.name_en}`)
      return words.slice(0, -1).every((w) => around.includes(w)) ? [{ region, path, rank }] : []
    })
    .sort((a, b) => a.rank - b.rank || a.region.code.localeCompare(b.region.code))
    .slice(0, limit)
    .map(({ region, path }) => ({ region, path }))
}

/** Metres between two points; good to a few metres over a county. */
export function distanceM(a: { lon: number; lat: number }, b: { lon: number; lat: number }): number {
  const kx = 111_320 * Math.cos((((a.lat + b.lat) / 2) * Math.PI) / 180)
  return Math.hypot((b.lon - a.lon) * kx, (b.lat - a.lat) * 110_574)
}

/** Compass direction from a to b in degrees, 0 = north. */
export function bearing(a: { lon: number; lat: number }, b: { lon: number; lat: number }): number {
  const kx = Math.cos((((a.lat + b.lat) / 2) * Math.PI) / 180)
  return (Math.atan2((b.lon - a.lon) * kx, b.lat - a.lat) * 180) / Math.PI
}

/** The village or township whose point lies nearest: a click on the map names its place. */
export function nearestPlace(regions: readonly Region[], at: { lon: number; lat: number }): Place | null {
  const byCode = new Map(regions.map((r) => [r.code, r]))
  let best: { region: Region; d: number } | null = null
  for (const region of regions) {
    if (isCounty(region) || region.lon === null || region.lat === null) continue
    const d = distanceM(at, { lon: region.lon, lat: region.lat })
    if (best === null || d < best.d) best = { region, d }
  }
  return best === null ? null : { region: best.region, path: placePath(best.region, byCode) }
}

/** By pinyin or its initials from any syllable on: `xielou` finds 危险化学品泄漏. */
function spelt(query: string, name: string): number | null {
  const syllables = spell(name)
  const from = syllables.findIndex((_, n) => {
    const rest = syllables.slice(n)
    return rest.join('').startsWith(query) || rest.map((s) => s[0] ?? '').join('').startsWith(query)
  })
  return from < 0 ? null : 6 + from
}

export function searchTypes(types: readonly EventType[], text: string, limit = 8): EventType[] {
  const query = fold(text)
  if (query === '') return []
  return types
    .flatMap((type) => {
      const rank = meet(query, type.name_zh, type.name_en.replaceAll('_', ' '), type.code.toLowerCase()) ?? spelt(query, type.name_zh)
      return rank === null ? [] : [{ type, rank }]
    })
    .sort((a, b) => a.rank - b.rank || a.type.code.localeCompare(b.type.code))
    .slice(0, limit)
    .map((hit) => hit.type)
}

export function searchTeams(teams: readonly TeamFact[], text: string, limit = 6): TeamFact[] {
  const query = fold(text)
  if (query === '') return []
  return teams
    .flatMap((team) => {
      const rank = team.call_sign.toLowerCase().startsWith(query) ? 0 : meet(query, team.name_zh, team.name_en, '')
      return rank === null ? [] : [{ team, rank: rank + (team.standby ? 0 : 0.5) }]
    })
    .sort((a, b) => a.rank - b.rank || a.team.id - b.team.id)
    .slice(0, limit)
    .map((hit) => hit.team)
}
