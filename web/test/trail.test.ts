import { describe, expect, it } from 'vitest'
import { extended, legs, timeMarks, type Dot } from '@/model/trail'

const MIN = 60_000
const dot = (minute: number, lon = 118 + minute / 1000): Dot => ({ lon, lat: 28.5, at: minute * MIN })
const every = (step: number, to: number): Dot[] => Array.from({ length: to / step + 1 }, (_, n) => dot(n * step))

describe('a trail', () => {
  it('is fainter the older it is, and hangs together', () => {
    const drawn = legs(every(1, 100), 0, 100 * MIN)
    expect(drawn.map((l) => l.opacity)).toEqual([...drawn.map((l) => l.opacity)].sort((a, b) => a - b))
    expect([drawn[0]?.opacity, drawn.at(-1)?.opacity]).toEqual([0.2, 1])
    expect(drawn.every((l, n) => n === 0 || l.line[0] === drawn[n - 1]?.line.at(-1))).toBe(true)
    expect(drawn.some((l) => l.gap)).toBe(false)
  })

  it('does not say which way it went while it was silent', () => {
    const drawn = legs([dot(0), dot(1), dot(30), dot(31)], 0, 31 * MIN)
    expect(drawn.map((l) => [l.gap, l.line.length])).toEqual([[false, 2], [true, 2], [false, 2]])
    expect(timeMarks([dot(0), dot(1), dot(30), dot(31)]).map((m) => m.at / MIN)).toEqual([0, 30, 31])
  })

  it('carries at most eight round times and the last', () => {
    const marks = timeMarks(every(0.5, 120).map((d) => ({ ...d, at: d.at + 7 * 1000 })))
    expect(marks.filter((m) => !m.last).map((m) => m.at / MIN)).toEqual([15, 30, 45, 60, 75, 90, 105, 120])
    expect(marks.at(-1)).toMatchObject({ last: true, at: 120 * MIN + 7000 })
    expect(marks[0]?.lon).toBeCloseTo(118 + (15 - 7 / 60) / 1000, 9)
  })

  it('is nothing of nothing and a point of one', () => {
    expect([legs([], 0, 1), timeMarks([]), legs([dot(1)], 0, MIN)]).toEqual([[], [], []])
    expect(timeMarks([dot(1)])).toEqual([{ ...dot(1), last: true }])
  })

  it('grows by what is newer only', () => {
    const dots = [dot(1), dot(2)]
    expect(extended(dots, dot(2))).toBe(dots)
    expect(extended(dots, dot(3)).length).toBe(3)
  })
})
