import { describe, expect, it } from 'vitest'
import { areaM2, areaOf, circleRing, contains, geodesicM, lengthM, lengthOf, scaleBar, type LonLat } from '@/model/geodesy'

const at = (lon: number, lat: number): LonLat => ({ lon, lat })
const box = (west: number, south: number, east: number, north: number): LonLat[] => [at(west, south), at(east, south), at(east, north), at(west, north)]

describe('distances on the ellipsoid', () => {
  // Lengths of one degree on WGS-84, and Geoscience Australia's Flinders Peak to Buninyong (GDA technical manual).
  it.each([
    ['a degree of the equator', at(0, 0), at(1, 0), 111319.491],
    ['the first degree of a meridian', at(0, 0), at(0, 1), 110574.389],
    ['a quarter of a meridian', at(0, 0), at(0, 90), 10001965.729],
    ['Flinders Peak to Buninyong', at(144.42486789, -37.95103342), at(143.92649553, -37.65282114), 54972.271],
  ])('%s', (_, a, b, metres) => {
    expect(geodesicM(a, b)).toBeCloseTo(metres, 2)
    expect(geodesicM(b, a)).toBeCloseTo(metres, 2)
  })

  it('is nothing to the same place, and said along the sphere to the other side of the globe', () => {
    expect(geodesicM(at(118, 28), at(118, 28))).toBe(0)
    expect(geodesicM(at(0, 0.1), at(179.9, 0))).toBeGreaterThan(19_900_000)
  })

  it('adds up along a line', () => {
    expect(lengthM([at(0, 0), at(1, 0), at(2, 0)])).toBeCloseTo(2 * 111319.491, 2)
    expect(lengthM([at(0, 0)])).toBe(0)
  })
})

describe('areas on the ellipsoid', () => {
  it('sums to the whole earth', () => expect(areaM2(box(-180, -90, 180, 90)) / 1e6).toBeCloseTo(510065621.72, 1))
  it('is exact between parallels', () => expect(areaM2(box(118, 28, 119, 29)) / 1e6).toBeCloseTo(10850.34, 1))
  it('does not ask which way round', () => {
    const ring = box(118, 28, 118.1, 28.1)
    expect(areaM2([...ring].reverse())).toBeCloseTo(areaM2(ring), 3)
  })
  it('of a circle is πr²', () => {
    expect(areaM2(circleRing(at(118.2, 28.5), 5000)) / (Math.PI * 25e6)).toBeCloseTo(1, 4)
    for (const corner of circleRing(at(118.2, 28.5), 5000)) expect(geodesicM(at(118.2, 28.5), corner) / 5000).toBeCloseTo(1.0008, 3)
  })
})

it('knows what lies inside, also of a hollow shape', () => {
  const hollow = [at(0, 0), at(4, 0), at(4, 4), at(3, 4), at(3, 1), at(1, 1), at(1, 4), at(0, 4)]
  expect([at(2, 0.5), at(0.5, 3), at(3.5, 3)].map((p) => contains(hollow, p))).toEqual([true, true, true])
  expect([at(2, 2), at(5, 2), at(-1, 0.5)].map((p) => contains(hollow, p))).toEqual([false, false, false])
})

it('says lengths and areas as people do', () => {
  expect([0, 850.4, 999.4, 999.6, 1234, 12_340, 123_400].map((m) => lengthOf(m))).toEqual([
    { unit: 'm', n: '0' }, { unit: 'm', n: '850' }, { unit: 'm', n: '999' }, { unit: 'km', n: '1.00' }, { unit: 'km', n: '1.23' }, { unit: 'km', n: '12.3' }, { unit: 'km', n: '123' },
  ])
  expect([500, 9999, 10_000, 25e6].map((m) => areaOf(m))).toEqual([{ unit: 'm2', n: '500' }, { unit: 'm2', n: '9999' }, { unit: 'km2', n: '0.01' }, { unit: 'km2', n: '25.0' }])
})

it.each([
  [1, 120, 100],
  [30, 120, 2000],
  [0.7, 100, 50],
])('of %f metres a point the bar of at most %i points is %i metres', (perPx, most, metres) => {
  const bar = scaleBar(perPx, most)
  expect(bar.metres).toBeCloseTo(metres, 6)
  expect(bar.px).toBeLessThanOrEqual(most)
})
