import { describe, expect, it } from 'vitest'
import { coordinateText, readCoordinates } from '@/model/coordinates'

const PLACE = { lon: 115.54, lat: 27.94 }

describe('a place in figures', () => {
  it('is told decimal or in degrees, minutes and seconds', () => {
    expect(coordinateText(PLACE, 'decimal')).toBe('115.54000, 27.94000')
    expect(coordinateText(PLACE, 'dms')).toBe('115°32′24.0″E 27°56′24.0″N')
    expect(coordinateText({ lon: -0.99999999, lat: -27 }, 'dms')).toBe('1°00′00.0″W 27°00′00.0″S')
  })

  it.each([
    '115.54, 27.94', '27.94,115.54', '115.54 27.94', '(115.54，27.94)', 'N27.94 E115.54', '27.94N, 115.54E', '115.54E27.94N',
    '东经115.54 北纬27.94', '北纬27°56′24″，东经115°32′24″', `27°56'24"N 115°32'24"E`, '115°32.4′ 27°56.4′', '经度：115.54 纬度：27.94', '115度32分24秒 27度56分24秒',
  ])('is read from %s', (text) => {
    const at = readCoordinates(text)
    expect(at?.lon).toBeCloseTo(PLACE.lon, 9)
    expect(at?.lat).toBeCloseTo(PLACE.lat, 9)
  })

  it('is read back as it was told', () => {
    for (const form of ['decimal', 'dms'] as const) expect(readCoordinates(coordinateText({ lon: 118.21234, lat: 28.51237 }, form))?.lat).toBeCloseTo(28.51237, 4)
    expect(readCoordinates('S27.94 W115.54')).toEqual({ lon: -115.54, lat: -27.94 })
  })

  it.each(['', '临溪镇', '115.54', '115.54 27.94 3', 'E115.54 E27.94', '115.54 97', 'G320 K18', '115°61′ 27°', '500, 20', '东岸村3 4号'])('is not read from %s', (text) => {
    expect(readCoordinates(text)).toBeNull()
  })
})
