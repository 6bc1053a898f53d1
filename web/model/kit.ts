import type { Kit, KitLine, KitNorm, StationKit } from '@/api/types'
import { townshipPrefix } from './devices'

export type KitVerdict = StationKit['verdict']

/** How the villages of a township meet theirs. */
export interface Villages {
  readonly met: number
  readonly total: number
  readonly verdict: KitVerdict
  /** Names of those that are short, for whoever asks which. */
  readonly short: readonly string[]
}

export interface KitRow {
  readonly key: string
  readonly name: string
  readonly region: string
  readonly verdict: KitVerdict
  readonly lines: ReadonlyMap<string, KitLine>
  readonly villages: Villages | null
}

/** A column: an item, and the kinds of devices that count for it. */
export interface KitColumn {
  readonly item: string
  readonly kinds: readonly string[]
}

export interface KitTable {
  readonly columns: readonly KitColumn[]
  readonly rows: readonly KitRow[]
}

const WORST: readonly KitVerdict[] = ['short', 'untested', 'met']
export const worstOf = (verdicts: readonly KitVerdict[]): KitVerdict => WORST.find((v) => verdicts.includes(v)) ?? 'met'

/** How many devices a cell shows: those that work, never more than are asked for. */
export const counted = (line: KitLine): number => Math.min(line.works, line.at_least)

const isVillage = (station: StationKit): boolean => station.team_id === null && !station.region_code.endsWith('000')

function villagesOf(stations: readonly StationKit[]): Villages | null {
  if (stations.length === 0) return null
  return {
    met: stations.filter((s) => s.verdict === 'met').length,
    total: stations.length,
    verdict: worstOf(stations.map((s) => s.verdict)),
    short: stations.filter((s) => s.verdict === 'short').map((s) => s.name),
  }
}

/** Items in the order of the norms; the same item of two norms is one column. */
function columnsOf(norms: readonly KitNorm[], used: ReadonlySet<string>): KitColumn[] {
  const found = new Map<string, KitColumn>()
  for (const norm of norms) for (const { item, kinds } of norm.items) if (used.has(item) && !found.has(item)) found.set(item, { item, kinds })
  return [...found.values()]
}

function tableOf(kit: Kit, stations: readonly StationKit[], villages: (region: string) => Villages | null): KitTable {
  const used = new Set(stations.flatMap((s) => s.lines.map((line) => line.item)))
  return {
    columns: columnsOf(kit.norms, used),
    rows: stations.map((s) => ({
      key: `${s.station}-${s.team_id ?? s.region_code}`,
      name: s.name,
      region: s.region_code,
      verdict: s.verdict,
      lines: new Map(s.lines.map((line) => [line.item, line])),
      villages: villages(s.region_code),
    })),
  }
}

/** The centre, townships and park, each with its villages in one cell. */
export function placesTable(kit: Kit): KitTable {
  const villages = new Map<string, StationKit[]>()
  for (const s of kit.stations.filter(isVillage)) villages.set(townshipPrefix(s.region_code), [...(villages.get(townshipPrefix(s.region_code)) ?? []), s])
  const places = kit.stations.filter((s) => s.team_id === null && !isVillage(s))
  return tableOf(kit, places, (region) => villagesOf(villages.get(townshipPrefix(region)) ?? []))
}

export const teamsTable = (kit: Kit): KitTable => tableOf(kit, kit.stations.filter((s) => s.team_id !== null), () => null)

export const notMet = (table: KitTable): KitTable => ({
  ...table,
  rows: table.rows.filter((row) => row.verdict !== 'met' || (row.villages !== null && row.villages.verdict !== 'met')),
})

export function countVerdicts(rows: readonly KitRow[]): Record<KitVerdict, number> {
  const of = (verdict: KitVerdict): number => rows.filter((row) => row.verdict === verdict).length
  return { met: of('met'), untested: of('untested'), short: of('short') }
}
