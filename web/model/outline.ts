import type { BaseMap } from '@/api/types'

/** A township's outline as an SVG path, with the point where its name stands. */
export interface Shape {
  code: string
  name: string
  path: string
  x: number
  y: number
}

export interface Outline {
  shapes: Shape[]
  viewBox: string
  west: number
  north: number
  xPerDegree: number
  yPerDegree: number
}

const WIDTH = 1000
const EMPTY: Outline = { shapes: [], viewBox: '0 0 1 1', west: 0, north: 0, xPerDegree: 1, yPerDegree: 1 }

type Ring = [number, number][]

/** The townships of the base map, flat: a degree of longitude is shorter by the cosine of the latitude. */
export function outline(base: BaseMap | null): Outline {
  const towns = (base?.features ?? []).filter((f) => f.properties.kind === 'township' && f.geometry.type === 'Polygon')
  const rings = towns.map((f) => (f.geometry.coordinates as Ring[])[0] ?? [])
  const lons = rings.flat().map(([lon]) => lon)
  const lats = rings.flat().map(([, lat]) => lat)
  if (lons.length === 0) return EMPTY
  const [west, east] = [lons.reduce((a, b) => Math.min(a, b)), lons.reduce((a, b) => Math.max(a, b))]
  const [south, north] = [lats.reduce((a, b) => Math.min(a, b)), lats.reduce((a, b) => Math.max(a, b))]
  const xPerDegree = WIDTH / (east - west)
  const yPerDegree = xPerDegree / Math.cos((((south + north) / 2) * Math.PI) / 180)
  const flat: Outline = { shapes: [], viewBox: `-10 -10 ${WIDTH + 20} ${(north - south) * yPerDegree + 20}`, west, north, xPerDegree, yPerDegree }
  flat.shapes = towns.map((town, n) => {
    const points = (rings[n] ?? []).map(([lon, lat]) => project(flat, lon, lat))
    const path = points.map((p, k) => `${k === 0 ? 'M' : 'L'}${p.x.toFixed(1)} ${p.y.toFixed(1)}`).join('') + 'Z'
    const seat = town.properties.seat as [number, number] | undefined
    const at = seat ? project(flat, seat[0], seat[1]) : (points[0] ?? { x: 0, y: 0 })
    return { code: String(town.properties.code), name: town.properties.name ?? '', path, x: at.x, y: at.y }
  })
  return flat
}

export const project = (map: Outline, lon: number, lat: number): { x: number; y: number } => ({ x: (lon - map.west) * map.xPerDegree, y: (map.north - lat) * map.yPerDegree })
