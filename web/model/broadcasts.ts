import type { Broadcast, BroadcastCoverage, BroadcastTemplate, BroadcastVillage } from '@/api/broadcasts'
import type { SpotLook, SpotMark } from './spotMarks'

/** The same estimate as the service's (app/broadcast/rules/speech.py): four characters a second, pauses at marks. */
const PER_SECOND = 4
const ENDS = '。！？!?\n；;'
const PAUSES = '，,、：:（）()“”—…'
const SPOKEN = /[\p{L}\p{N}]/u
const LATIN = /[A-Za-z]/

export const lettersOf = (text: string): number => [...text].filter((c) => SPOKEN.test(c)).length

/** How long a text takes to read once, in seconds. */
export function secondsOf(text: string): number {
  let told = 0
  for (const c of text) {
    if (SPOKEN.test(c)) told += (LATIN.test(c) ? 0.5 : 1) / PER_SECOND
    else if (ENDS.includes(c)) told += 0.5
    else if (PAUSES.includes(c)) told += 0.25
  }
  return Math.round(told * 10) / 10
}

/** A message once in all its languages: its voice or text, then the further ones. */
export const onceSeconds = (first: number, more: readonly string[]): number => Math.round(10 * more.reduce((sum, text) => sum + secondsOf(text), first)) / 10

export const onAirSeconds = (once: number, repeats: number, interval: number): number => Math.ceil(once * repeats + interval * (repeats - 1))

/** Fill what a template leaves open. */
export const filledText = (template: BroadcastTemplate, told: { area: string; unit: string; time: string }): string =>
  template.text.replaceAll('{区域}', told.area).replaceAll('{单位}', told.unit).replaceAll('{时间}', told.time)

export const isRunning = (b: Broadcast): boolean => ['approved', 'issued', 'playing'].includes(b.state)
export const isWaiting = (b: Broadcast): boolean => b.state === 'submitted'

const LOOKS: Record<BroadcastCoverage['villages'][number]['cover'], Omit<SpotLook, 'shape'>> = {
  sound: { tone: '--well', filled: true, ringed: false },
  single: { tone: '--warn', filled: true, ringed: true },
  dead: { tone: '--failed', filled: false, ringed: true },
  none: { tone: '--failed', filled: false, ringed: false },
}
export const coverLook = (cover: BroadcastCoverage['villages'][number]['cover']): SpotLook => ({ shape: 'disc', ...LOOKS[cover] })

export const coverMarks = (coverage: BroadcastCoverage | null): SpotMark[] =>
  (coverage?.villages ?? []).map((v) => ({ ...coverLook(v.cover), id: Number(v.region_code), label: v.path, lon: v.lon, lat: v.lat, faint: false, selected: false }))

/** Villages that were not reached first, then those with a terminal that failed. */
export function byTrouble(villages: readonly BroadcastVillage[]): BroadcastVillage[] {
  const rank = (v: BroadcastVillage): number => (v.reached_at === null ? 0 : v.results.some((r) => r.state === 4) ? 1 : 2)
  return [...villages].sort((a, b) => rank(a) - rank(b) || a.region_code.localeCompare(b.region_code))
}

export const percent = (share: number | null): string => (share === null ? '–' : `${(share * 100).toFixed(1)}%`)
