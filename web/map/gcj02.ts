import type { LonLat } from './index'

const A = 6378245 // Krasovsky's ellipsoid
const EE = 0.00669342162296594323
const [WEST, EAST, SOUTH, NORTH] = [72.004, 137.8347, 0.8293, 55.8271] // the formula's crude box of China
const EXACT_DEG = 1e-9
const MOST_STEPS = 30

function inChina({ lon, lat }: LonLat): boolean {
  return lon >= WEST && lon <= EAST && lat >= SOUTH && lat <= NORTH
}

function shift({ lon, lat }: LonLat): LonLat {
  const { PI, sin, cos, sqrt, abs } = Math
  const [x, y] = [lon - 105, lat - 35]
  const ripple = ((20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2) / 3
  let north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + ripple
  north += ((20 * sin(y * PI) + 40 * sin((y / 3) * PI)) * 2) / 3
  north += ((160 * sin((y / 12) * PI) + 320 * sin((y * PI) / 30)) * 2) / 3
  let east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + ripple
  east += ((20 * sin(x * PI) + 40 * sin((x / 3) * PI)) * 2) / 3
  east += ((150 * sin((x / 12) * PI) + 300 * sin((x / 30) * PI)) * 2) / 3
  const phi = (lat / 180) * PI
  const magic = 1 - EE * sin(phi) ** 2
  return {
    lon: (east * 180) / ((A / sqrt(magic)) * cos(phi) * PI),
    lat: (north * 180) / (((A * (1 - EE)) / (magic * sqrt(magic))) * PI),
  }
}

/** A WGS-84 place as tiles in GCJ-02 (AMap, Tencent) show it; only for drawing, never for storage. */
export function toGcj02(at: LonLat): LonLat {
  if (!inChina(at)) return at
  const by = shift(at)
  return { lon: at.lon + by.lon, lat: at.lat + by.lat }
}

/** The WGS-84 place of what was picked on such tiles, to well below a millimetre. */
export function fromGcj02(at: LonLat): LonLat {
  if (!inChina(at)) return at
  let found = at
  for (let step = 0; step < MOST_STEPS; step++) {
    const by = shift(found)
    const better = { lon: at.lon - by.lon, lat: at.lat - by.lat }
    const done = Math.max(Math.abs(better.lon - found.lon), Math.abs(better.lat - found.lat)) < EXACT_DEG
    found = better
    if (done) break
  }
  return found
}
