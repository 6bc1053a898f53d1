import { toLonLat } from 'ol/proj'
import { describe, expect, it } from 'vitest'
import { toGcj02 } from '@/map/gcj02'
import { createGround, PLAIN, shifted } from '@/map/ground'

const PLACES = [[115.54, 27.94], [100.01, 23.5], [87.6, 43.8], [126.6, 45.75], [109.5, 18.25]] as const
// Tian'anmen in both.
const [HERE, SHIFTED] = [[116.39123343289631, 39.9072885060602], [116.39747, 39.90869]] as const

describe('the ground of a map', () => {
  it('draws in GCJ-02 where the tiles have it', () => {
    const ground = createGround()
    ground.set('gcj02')
    const [lon = 0, lat = 0] = toLonLat([...ground.place(HERE)])
    expect(lon).toBeCloseTo(SHIFTED[0], 4)
    expect(lat).toBeCloseTo(SHIFTED[1], 4)
  })

  it.each(PLACES)('reads what was drawn at %f, %f back to a millimetre', (lon, lat) => {
    for (const datum of ['wgs84', 'gcj02'] as const) {
      const ground = createGround()
      ground.set(datum)
      const back = ground.lonLat(ground.place([lon, lat]))
      expect(back.lon).toBeCloseTo(lon, 8)
      expect(back.lat).toBeCloseTo(lat, 8)
    }
  })

  it('moves what is drawn already, and back again', () => {
    const over = createGround()
    over.set('gcj02')
    const before = PLACES.flatMap((at) => PLAIN.place(at))
    const moved = shifted(PLAIN.lonLat, over.place)([...before])
    const { lon, lat } = toGcj02({ lon: PLACES[0][0], lat: PLACES[0][1] })
    expect(moved.slice(0, 2)).toEqual(PLAIN.place([lon, lat]))
    shifted(over.lonLat, PLAIN.place)(moved, moved).forEach((x, n) => expect(x).toBeCloseTo(before[n] ?? 0, 2))
  })

  it('keeps what a place has besides', () => {
    expect(shifted(PLAIN.lonLat, PLAIN.place)([0, 0, 7], undefined, 3)[2]).toBe(7)
    const moved = PLAIN.place([2.35, 48.86])
    const over = createGround()
    over.set('gcj02')
    expect(over.place([2.35, 48.86])).toEqual(moved)
  })
})
