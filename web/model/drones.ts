import type { Drone } from '@/api/drones'
import type { SpotLook } from './spotMarks'

const YEAR_S = 31_557_600
const DAY_S = 86_400
const HOUR_S = 3_600

/** By how much a clock is wrong, in the unit that says it best; null while it is right or was never told. */
export function clockOff(offS: number | null): { unit: 'year' | 'day' | 'hour' | 'minute'; n: string; fast: boolean } | null {
  if (offS === null || offS === 0) return null
  const size = Math.abs(offS)
  const [unit, per] = size >= YEAR_S ? (['year', YEAR_S] as const) : size >= DAY_S ? (['day', DAY_S] as const) : size >= HOUR_S ? (['hour', HOUR_S] as const) : (['minute', 60] as const)
  const n = size / per
  return { unit, n: n >= 10 ? n.toFixed(0) : n.toFixed(1).replace(/\.0$/, ''), fast: offS > 0 }
}

/** A drone on the map: a diamond in the air, a disc on the ground; red when its link is lost, hollow when it is silent. */
export function droneLook(d: Pick<Drone, 'flies' | 'link'>): SpotLook {
  const shape = d.flies ? 'diamond' : 'disc'
  if (d.link === 'lost') return { shape, tone: '--failed', filled: true, ringed: true }
  return { shape, tone: d.flies ? '--well' : '--unit', filled: d.link === 'live', ringed: false }
}
