import { areaM2, circleRing, geodesicM, lengthM, type LonLat } from './geodesy'

export type Tool = 'distance' | 'polygon' | 'circle'
export const TOOLS: readonly Tool[] = ['distance', 'polygon', 'circle']

/** What is being drawn on the map, point by point. Never changed in place. */
export interface Drawing {
  readonly tool: Tool
  readonly points: readonly LonLat[]
  readonly done: boolean
}

export interface Measured {
  /** Along the line, or around the area. */
  readonly length: number
  readonly area: number | null
  readonly radius: number | null
}

const LEAST: Record<Tool, number> = { distance: 2, polygon: 3, circle: 2 }
/** A point twice is once. */
const SAME_M = 0.5

export const begin = (tool: Tool): Drawing => ({ tool, points: [], done: false })

const same = (a: LonLat | undefined, b: LonLat): boolean => a !== undefined && geodesicM(a, b) < SAME_M

export function add(drawing: Drawing, at: LonLat): Drawing {
  if (drawing.done) return add(begin(drawing.tool), at)
  if (same(drawing.points.at(-1), at)) return drawing
  const points = [...drawing.points, at]
  return { ...drawing, points, done: drawing.tool === 'circle' && points.length === LEAST.circle }
}

export const undo = (drawing: Drawing): Drawing => (drawing.points.length === 0 ? drawing : { ...drawing, points: drawing.points.slice(0, -1), done: false })

/** A corner goes elsewhere. */
export const move = (drawing: Drawing, n: number, at: LonLat): Drawing => ({ ...drawing, points: drawing.points.map((old, m) => (m === n ? at : old)) })

/** No more points; with too few it goes on. */
export const finish = (drawing: Drawing): Drawing => (drawing.points.length < LEAST[drawing.tool] ? drawing : { ...drawing, done: true })

/** The area as a ring; null while there is none. */
export function ringOf({ tool, points }: Drawing): readonly LonLat[] | null {
  const [centre, rim] = points
  if (tool === 'circle') return centre === undefined || rim === undefined ? null : circleRing(centre, geodesicM(centre, rim))
  return tool === 'polygon' && points.length >= LEAST.polygon ? points : null
}

/** What is drawn, with the pointer as its last point while it goes on. */
export const withPointer = (drawing: Drawing, at: LonLat | null): Drawing =>
  drawing.done || at === null || drawing.points.length === 0 ? drawing : { ...drawing, points: [...drawing.points, at] }

/** null: nothing to measure yet. */
export function measure(drawing: Drawing): Measured | null {
  const { tool, points } = drawing
  const [centre, rim] = points
  if (centre === undefined || rim === undefined) return null
  const ring = ringOf(drawing)
  if (tool === 'circle') {
    const radius = geodesicM(centre, rim)
    return { length: 2 * Math.PI * radius, area: areaM2(ring ?? []), radius }
  }
  const around = ring === null ? 0 : geodesicM(points.at(-1) ?? centre, centre)
  return { length: lengthM(points) + around, area: ring === null ? null : areaM2(ring), radius: null }
}
