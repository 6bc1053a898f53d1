export interface LonLat {
  readonly lon: number
  readonly lat: number
}

// WGS-84, within a tenth of a millimetre equal to CGCS2000.
const A = 6378137
const F = 1 / 298.257223563
const B = A * (1 - F)
const E2 = F * (2 - F)
const E = Math.sqrt(E2)
const RAD = Math.PI / 180
const EXACT = 1e-12
const MOST_STEPS = 100
const MEAN_RADIUS = 6371008.8

function great(a: LonLat, b: LonLat): number {
  const [p, q] = [a.lat * RAD, b.lat * RAD]
  const half = Math.sin((q - p) / 2) ** 2 + Math.cos(p) * Math.cos(q) * Math.sin(((b.lon - a.lon) * RAD) / 2) ** 2
  return 2 * MEAN_RADIUS * Math.asin(Math.sqrt(Math.min(1, half)))
}

/**
 * Metres along the ellipsoid (Vincenty's inverse formula, below a millimetre).
 * Where it does not converge, at places almost opposite on the globe, along the sphere.
 */
export function geodesicM(a: LonLat, b: LonLat): number {
  const l = (b.lon - a.lon) * RAD
  const [u1, u2] = [Math.atan((1 - F) * Math.tan(a.lat * RAD)), Math.atan((1 - F) * Math.tan(b.lat * RAD))]
  const [s1, c1, s2, c2] = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)]
  let lambda = l
  for (let step = 0; step < MOST_STEPS; step++) {
    const [sl, cl] = [Math.sin(lambda), Math.cos(lambda)]
    const sinSigma = Math.hypot(c2 * sl, c1 * s2 - s1 * c2 * cl)
    if (sinSigma === 0) return 0
    const cosSigma = s1 * s2 + c1 * c2 * cl
    const sigma = Math.atan2(sinSigma, cosSigma)
    const sinAlpha = (c1 * c2 * sl) / sinSigma
    const cos2 = 1 - sinAlpha ** 2
    const cosM = cos2 === 0 ? 0 : cosSigma - (2 * s1 * s2) / cos2
    const c = (F / 16) * cos2 * (4 + F * (4 - 3 * cos2))
    const next = l + (1 - c) * F * sinAlpha * (sigma + c * sinSigma * (cosM + c * cosSigma * (-1 + 2 * cosM ** 2)))
    if (Math.abs(next - lambda) >= EXACT) {
      lambda = next
      continue
    }
    const k = (cos2 * (A * A - B * B)) / (B * B)
    const ka = 1 + (k / 16384) * (4096 + k * (-768 + k * (320 - 175 * k)))
    const kb = (k / 1024) * (256 + k * (-128 + k * (74 - 47 * k)))
    const more = kb * sinSigma * (cosM + (kb / 4) * (cosSigma * (-1 + 2 * cosM ** 2) - (kb / 6) * cosM * (-3 + 4 * sinSigma ** 2) * (-3 + 4 * cosM ** 2)))
    return B * ka * (sigma - more)
  }
  return great(a, b)
}

export const lengthM = (line: readonly LonLat[]): number =>
  line.reduce((sum, at, n) => (n === 0 ? 0 : sum + geodesicM(line[n - 1] ?? at, at)), 0)

/** The function whose ends tell the area of the ellipsoid below a parallel, over b² and radian of longitude. */
function belowParallel(lat: number): number {
  const s = Math.sin(lat * RAD)
  return s / (1 - E2 * s * s) / 2 + Math.atanh(E * s) / (2 * E)
}

const SLICES = 16

/**
 * Square metres of a ring on the ellipsoid: exact below each edge as it is drawn, straight in longitude and
 * latitude; over a county that differs from edges along the ellipsoid by less than one in ten thousand.
 */
export function areaM2(ring: readonly LonLat[]): number {
  let sum = 0
  ring.forEach((a, n) => {
    const b = ring[(n + 1) % ring.length] ?? a
    // Simpson's rule over the latitude along the edge.
    const f = (share: number): number => belowParallel(a.lat + (b.lat - a.lat) * share)
    let mean = 0
    for (let k = 0; k < SLICES; k++) mean += (f(k / SLICES) + 4 * f((k + 0.5) / SLICES) + f((k + 1) / SLICES)) / 6 / SLICES
    sum += (b.lon - a.lon) * RAD * mean
  })
  return Math.abs(sum) * B * B
}

/** Where one comes from `at`, going so many metres in a direction (degrees from north), along the sphere of that latitude. */
function towards(at: LonLat, bearingDeg: number, metres: number): LonLat {
  const s = Math.sin(at.lat * RAD)
  const prime = A / Math.sqrt(1 - E2 * s * s)
  const meridian = (A * (1 - E2)) / (1 - E2 * s * s) ** 1.5
  const north = metres * Math.cos(bearingDeg * RAD)
  const lat = at.lat + north / meridian / RAD
  const middle = Math.cos(((at.lat + lat) / 2) * RAD)
  return { lat, lon: at.lon + (metres * Math.sin(bearingDeg * RAD)) / (prime * middle) / RAD }
}

const RIM = 64

/** A circle as a ring of 64 corners whose area is the circle's: each lies a little further out. */
export function circleRing(centre: LonLat, radius: number): LonLat[] {
  const out = radius * Math.sqrt((2 * Math.PI) / RIM / Math.sin((2 * Math.PI) / RIM))
  return Array.from({ length: RIM }, (_, n) => towards(centre, (360 * n) / RIM, out))
}

/** Whether a place lies in a ring; on its edge either may be said. */
export function contains(ring: readonly LonLat[], at: LonLat): boolean {
  let inside = false
  ring.forEach((a, n) => {
    const b = ring[(n + ring.length - 1) % ring.length] ?? a
    if (a.lat > at.lat !== b.lat > at.lat && at.lon < ((b.lon - a.lon) * (at.lat - a.lat)) / (b.lat - a.lat) + a.lon) inside = !inside
  })
  return inside
}

export interface Quantity<U extends string> {
  readonly unit: U
  readonly n: string
}

const rounded = (n: number): string => n.toFixed(n < 10 ? 2 : n < 100 ? 1 : 0)

/** A length as people say it: metres below a kilometre. */
export const lengthOf = (metres: number): Quantity<'m' | 'km'> => (metres < 999.5 ? { unit: 'm', n: metres.toFixed(0) } : { unit: 'km', n: rounded(metres / 1000) })

/** An area as people say it: square metres below a hundredth of a square kilometre. */
export const areaOf = (m2: number): Quantity<'m2' | 'km2'> => (m2 < 9999.5 ? { unit: 'm2', n: m2.toFixed(0) } : { unit: 'km2', n: rounded(m2 / 1e6) })

const ROUND = [1, 2, 5]

/** The longest round length that fits, and how many points it takes. */
export function scaleBar(metresPerPx: number, mostPx: number): { metres: number; px: number } {
  const most = metresPerPx * mostPx
  const power = 10 ** Math.floor(Math.log10(most))
  const metres = power * (ROUND.findLast((r) => r * power <= most) ?? 1)
  return { metres, px: metres / metresPerPx }
}
