import { describe, expect, it } from 'vitest'
import { clustered, pixelGrid } from '@/map/grid'

describe('the grid of points', () => {
  it('finds the nearest within reach, also across the edge of a cell', () => {
    const grid = pixelGrid()
    grid.add(23, 23, 1)
    grid.add(30, 25, 2)
    expect(grid.at(25, 24, 8)).toBe(1)
    expect(grid.at(29, 25, 8)).toBe(2)
    expect(grid.at(60, 60, 8)).toBeNull()
  })

  it('agrees with looking at every point', () => {
    const grid = pixelGrid()
    const points = Array.from({ length: 400 }, (_, n) => ({ x: (n * 73) % 300, y: (n * 151) % 200 }))
    points.forEach((p, index) => grid.add(p.x, p.y, index))
    for (let n = 0; n < 200; n++) {
      const [x, y] = [(n * 37) % 300, (n * 91) % 200]
      const nearest = Math.min(...points.map((p) => Math.hypot(p.x - x, p.y - y)))
      const found = grid.at(x, y, 10)
      if (nearest > 10) expect(found).toBeNull()
      else expect(Math.hypot((points[found ?? 0]?.x ?? 0) - x, (points[found ?? 0]?.y ?? 0) - y)).toBeCloseTo(nearest)
    }
  })
})

describe('clusters', () => {
  const crowd = Array.from({ length: 5 }, (_, n) => ({ x: 10 + n, y: 10, single: false }))

  it('hold every point exactly once and stand in the middle of their members', () => {
    const points = [...crowd, { x: 500, y: 500, single: false }]
    const { clusters, singles } = clustered(points, 100, 4)
    expect(clusters).toEqual([{ x: 12, y: 10, members: [0, 1, 2, 3, 4] }])
    expect(singles).toEqual([5])
  })

  it('never swallow a unit at work', () => {
    const { clusters, singles } = clustered([...crowd, { x: 11, y: 11, single: true }], 100, 4)
    expect(clusters[0]?.members).toHaveLength(5)
    expect(singles).toEqual([5])
  })
})
