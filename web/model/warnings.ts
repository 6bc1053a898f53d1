import type { WarningBrief, WarningDiff, WarningWhole } from '@/api/warnings'
import type { SpotMark } from './spotMarks'
import { levelSymbol, type LevelSymbol } from './symbols'

export type WarningColour = NonNullable<WarningBrief['colour']>

const LEVEL: Record<WarningColour, 1 | 2 | 3 | 4> = { red: 1, orange: 2, yellow: 3, blue: 4 }

/** The sign of a colour: hue and shape together, as everywhere; null when no colour was told. */
export const colourSign = (colour: WarningColour | null): LevelSymbol | null => (colour === null ? null : levelSymbol(LEVEL[colour]))

/** Red and orange of the real thing sound loud and again. */
export const isGrave = (w: Pick<WarningBrief, 'colour' | 'status' | 'standing'>): boolean =>
  w.status === 'actual' && w.standing === 'in_force' && (w.colour === 'red' || w.colour === 'orange')

export const acknowledgedHere = (w: Pick<WarningBrief, 'acks'>, scope: string): boolean => w.acks.some((a) => a.region_code === scope.padEnd(12, '0'))

/** Where a warning holds, shortly. */
export function whereOf(names: readonly string[], more: (n: number) => string): string {
  return names.length <= 4 ? names.join('、') : `${names.slice(0, 4).join('、')}${more(names.length)}`
}

/** Whether an update changes anything that a person should read. */
export const changesAnything = (d: WarningDiff): boolean =>
  d.added.length + d.removed.length > 0 || d.turn !== 'same' || d.effective !== null || d.expires !== null || d.words

/** The townships and villages warned, at their points: townships are diamonds, villages discs. */
export function warningMarks(w: Pick<WarningWhole, 'units' | 'colour'>): SpotMark[] {
  const tone: SpotMark['tone'] = colourSign(w.colour)?.hue ?? '--warn'
  const base = { tone, filled: true, faint: false, selected: false }
  return w.units.flatMap((unit, n) => [
    { ...base, id: n * 1000, label: unit.name, lon: unit.lon, lat: unit.lat, shape: 'diamond' as const, ringed: unit.whole },
    ...unit.villages.map((v, m) => ({ ...base, id: n * 1000 + m + 1, label: v.name, lon: v.lon, lat: v.lat, shape: 'disc' as const, ringed: false, filled: false })),
  ])
}
