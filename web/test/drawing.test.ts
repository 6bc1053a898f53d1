import { describe, expect, it } from 'vitest'
import { add, begin, finish, measure, ringOf, undo, withPointer, type Drawing, type Tool } from '@/model/drawing'

const at = (lon: number, lat = 0) => ({ lon, lat })
const drawn = (tool: Tool, ...points: { lon: number; lat: number }[]): Drawing => points.reduce(add, begin(tool))

describe('what is drawn on the map', () => {
  it('a line goes on until it is finished, and its next point begins another', () => {
    const line = drawn('distance', at(0), at(1))
    expect([line.done, finish(line).done]).toEqual([false, true])
    expect(measure(line)?.length).toBeCloseTo(111319.491, 2)
    expect(add(finish(line), at(5))).toEqual({ tool: 'distance', points: [at(5)], done: false })
  })
  it('is not finished with too few points, and a circle is with its second', () => {
    expect([finish(drawn('distance', at(0))).done, finish(drawn('polygon', at(0), at(1))).done]).toEqual([false, false])
    expect(drawn('circle', at(0), at(0.01)).done).toBe(true)
    expect(measure(drawn('circle', at(0), at(0.01)))?.radius).toBeCloseTo(1113.19, 2)
  })
  it('takes a point twice as one', () => {
    expect(drawn('distance', at(0), at(1), at(1)).points.length).toBe(2)
  })
  it('gives back one point after another', () => {
    const line = finish(drawn('distance', at(0), at(1)))
    expect(undo(line)).toEqual({ tool: 'distance', points: [at(0)], done: false })
    expect(undo(begin('circle'))).toEqual(begin('circle'))
  })
  it('is measured with the pointer as its last point, but no longer when it is done', () => {
    const line = drawn('distance', at(0))
    expect([measure(line), measure(withPointer(line, null))]).toEqual([null, null])
    expect(measure(withPointer(line, at(1)))?.length).toBeCloseTo(111319.491, 2)
    expect(withPointer(finish(drawn('distance', at(0), at(1))), at(9)).points.length).toBe(2)
    expect(withPointer(begin('polygon'), at(1)).points).toEqual([])
  })
  it('an area closes its ring', () => {
    const area = drawn('polygon', at(0), at(1), at(1, 1))
    expect(ringOf(area)?.length).toBe(3)
    expect(measure(area)?.length).toBeCloseTo(111319.491 + 110574.389 + 156899.568, 0)
    expect(measure(drawn('polygon', at(0), at(1)))?.area).toBeNull()
  })
})
