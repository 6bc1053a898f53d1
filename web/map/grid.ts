/** Points in pixels, kept by cells so that the one under the pointer is found without looking at all. */
const CELL_PX = 24

export interface PixelGrid {
  readonly add: (x: number, y: number, index: number) => void
  /** The nearest point within the reach, null when there is none. */
  readonly at: (x: number, y: number, reachPx: number) => number | null
}

export function pixelGrid(): PixelGrid {
  const cells = new Map<string, { x: number; y: number; index: number }[]>()
  const cell = (v: number): number => Math.floor(v / CELL_PX)
  return {
    add(x, y, index) {
      const key = `${cell(x)} ${cell(y)}`
      const known = cells.get(key)
      if (known === undefined) cells.set(key, [{ x, y, index }])
      else known.push({ x, y, index })
    },
    at(x, y, reachPx) {
      let best: number | null = null
      let nearest = reachPx * reachPx
      for (let column = cell(x - reachPx); column <= cell(x + reachPx); column++) {
        for (let row = cell(y - reachPx); row <= cell(y + reachPx); row++) {
          for (const one of cells.get(`${column} ${row}`) ?? []) {
            const square = (one.x - x) ** 2 + (one.y - y) ** 2
            if (square > nearest) continue
            nearest = square
            best = one.index
          }
        }
      }
      return best
    },
  }
}

export interface Cluster {
  /** The middle of its members, in the units of the map. */
  x: number
  y: number
  members: number[]
}

/**
 * Points that stand together on the screen, by cells that lie still on the ground: panning moves no cluster.
 * Fewer than `least` in a cell stay single.
 */
export function clustered(points: readonly { x: number; y: number; single: boolean }[], cellSize: number, least: number): { clusters: Cluster[]; singles: number[] } {
  const cells = new Map<string, number[]>()
  const singles: number[] = []
  points.forEach((point, index) => {
    if (point.single) {
      singles.push(index)
      return
    }
    const key = `${Math.floor(point.x / cellSize)} ${Math.floor(point.y / cellSize)}`
    const known = cells.get(key)
    if (known === undefined) cells.set(key, [index])
    else known.push(index)
  })
  const clusters: Cluster[] = []
  for (const members of cells.values()) {
    if (members.length < least) {
      singles.push(...members)
      continue
    }
    const sum = members.reduce((so, index) => ({ x: so.x + (points[index]?.x ?? 0), y: so.y + (points[index]?.y ?? 0) }), { x: 0, y: 0 })
    clusters.push({ x: sum.x / members.length, y: sum.y / members.length, members })
  }
  return { clusters, singles }
}
