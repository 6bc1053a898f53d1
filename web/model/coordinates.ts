import type { LonLat } from './geodesy'

export type CoordinateForm = 'decimal' | 'dms'

const SECONDS = 3600

function dms(degrees: number, [plus, minus]: readonly [string, string]): string {
  // Rounded first: 59.97 seconds are the next minute.
  const all = Math.round(Math.abs(degrees) * SECONDS * 10)
  const [d, m, s] = [Math.floor(all / 36_000), Math.floor((all % 36_000) / 600), (all % 600) / 10]
  return `${d}°${String(m).padStart(2, '0')}′${s.toFixed(1).padStart(4, '0')}″${degrees < 0 ? minus : plus}`
}

/** A place in figures, longitude first as Chinese forms have it. */
export function coordinateText(at: LonLat, form: CoordinateForm): string {
  return form === 'decimal' ? `${at.lon.toFixed(5)}, ${at.lat.toFixed(5)}` : `${dms(at.lon, ['E', 'W'])} ${dms(at.lat, ['N', 'S'])}`
}

interface Angle {
  readonly value: number
  readonly axis: 'lon' | 'lat' | null
}

const LABELS: Record<string, readonly ['lon' | 'lat', 1 | -1]> = {
  东经: ['lon', 1], 西经: ['lon', -1], 北纬: ['lat', 1], 南纬: ['lat', -1], 经度: ['lon', 1], 纬度: ['lat', 1],
  e: ['lon', 1], w: ['lon', -1], n: ['lat', 1], s: ['lat', -1],
}
const NAMES = '东经|西经|北纬|南纬|经度|纬度|[eEwWnNsS]'
const NUMBER = '-?\\d+(?:\\.\\d+)?'
const DEGREES = `(?<d>${NUMBER})\\s*(?:[°度]\\s*(?:(?<m>\\d+(?:\\.\\d+)?)\\s*['’′分]\\s*(?:(?<s>\\d+(?:\\.\\d+)?)\\s*(?:["”″秒]|'')\\s*)?)?)?`
/** Names stand before the figures or after them, in one text always the same way. */
const NAMED_BEFORE = new RegExp(`(?<name>${NAMES})?\\s*[:：]?\\s*${DEGREES}`, 'gu')
const NAMED_AFTER = new RegExp(`${DEGREES}(?<name>${NAMES})?`, 'gu')
const BEGINS_WITH_NAME = new RegExp(`^[\\s(（]*(?:${NAMES})`, 'u')

function angle(found: RegExpMatchArray): Angle | null {
  const { d: whole = '', m: minutes = '0', s: seconds = '0', name = '' } = found.groups ?? {}
  const [axis, sign] = LABELS[name.toLowerCase()] ?? [null, 1]
  const [d, m, s] = [Number(whole), Number(minutes), Number(seconds)]
  if (m >= 60 || s >= 60) return null
  return { value: (Math.abs(d) + m / 60 + s / SECONDS) * (whole.startsWith('-') ? -1 : 1) * sign, axis }
}

const LEAST_LON_OF_CHINA = 73

/** Which is which when neither says so: in China the longitude is always the larger, 73 and more. */
function sorted(a: Angle, b: Angle): LonLat {
  if (a.axis === 'lat' || b.axis === 'lon') return { lon: b.value, lat: a.value }
  if (a.axis === 'lon' || b.axis === 'lat') return { lon: a.value, lat: b.value }
  return b.value >= LEAST_LON_OF_CHINA && a.value < LEAST_LON_OF_CHINA ? { lon: b.value, lat: a.value } : { lon: a.value, lat: b.value }
}

/** A place typed in figures, decimal or in degrees, minutes and seconds; null when it is none. */
export function readCoordinates(text: string): LonLat | null {
  const pattern = BEGINS_WITH_NAME.test(text) ? NAMED_BEFORE : NAMED_AFTER
  const found = [...text.matchAll(pattern)]
  const rest = text.replace(pattern, '').replace(/[\s,，;；/、()（）]/g, '')
  const [a, b] = found.map(angle)
  if (found.length !== 2 || rest !== '' || !a || !b || (a.axis !== null && a.axis === b.axis)) return null
  const at = sorted(a, b)
  return Math.abs(at.lon) <= 180 && Math.abs(at.lat) <= 85 ? at : null
}
