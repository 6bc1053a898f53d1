import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fromGcj02, toGcj02 } from '@/map/gcj02'
import type { LonLat } from '@/map'

type Pair = { protocol: string; source: string; wgs84: LonLat; expect: { gcj02: LonLat } }
const file = resolve(import.meta.dirname, '../../tests/vectors/beidou_coord.json')
const pairs = (JSON.parse(readFileSync(file, 'utf8')) as Pair[]).filter((one) => one.protocol === 'wgs84->gcj02')

describe('the offset of public Chinese tiles', () => {
  it.each(pairs)('is that of $source', ({ wgs84, expect: { gcj02 } }) => {
    expect(toGcj02(wgs84).lon).toBeCloseTo(gcj02.lon, 8)
    expect(toGcj02(wgs84).lat).toBeCloseTo(gcj02.lat, 8)
    expect(fromGcj02(gcj02).lon).toBeCloseTo(wgs84.lon, 8)
    expect(fromGcj02(gcj02).lat).toBeCloseTo(wgs84.lat, 8)
  })

  it('moves nothing outside China', () => {
    const here = { lon: 2.35, lat: 48.86 }
    expect([toGcj02(here), fromGcj02(here)]).toEqual([here, here])
  })
})
