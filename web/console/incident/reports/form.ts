import type { Peer } from '@/api/exchange'
import type { AddresseeIn, ReportIn, ReportKind, WrittenReport } from '@/api/reports'
import { ms } from '@/model/time'

/** What a report's form holds: the county's usual addressees, each to, copy or not. */
export type Way = 'to' | 'copy' | 'no'
export type Row = { node: AddresseeIn['node']; name: string; way: Way }

export const SAID = ['cause', 'course', 'scope', 'losses', 'trend', 'leaders', 'measures', 'requests', 'commander', 'next_work'] as const
export type Said = Record<(typeof SAID)[number], string>

/** Whom a county reports to; the names may be changed in the form. */
const USUAL: readonly Row[] = [
  { node: 'CG', name: '县委县政府总值班室', way: 'to' },
  { node: 'P', name: '市应急管理局', way: 'to' },
  { node: 'PR', name: '省应急管理厅', way: 'no' },
  { node: 'D', name: '有关部门', way: 'no' },
]

const COUNTY: Row = { node: 'C', name: '县应急指挥中心', way: 'to' }

/** Whom a desk usually reports to: those it is connected with by the names they are registered under. */
function usual(peers: readonly Peer[], township: boolean): Row[] {
  const base = township ? [COUNTY, ...USUAL.map((row): Row => ({ ...row, way: 'no' }))] : USUAL
  return base.flatMap((row) => {
    const known = peers.filter((p) => p.active && p.node === row.node && (p.means !== 'system' || p.url !== ''))
    return known.length === 0 ? [row] : known.map((p, n): Row => ({ node: row.node, name: p.name, way: n === 0 ? row.way : 'no' }))
  })
}

export function rowsOf(report: WrittenReport | null, peers: readonly Peer[] = [], township = false): Row[] {
  const offered = usual(peers, township)
  const had: Row[] = (report?.addressees ?? []).map((a) => ({ node: a.node, name: a.name, way: a.is_copy ? 'copy' : 'to' }))
  if (had.length === 0) return offered.map((row) => ({ ...row }))
  const missing = offered.filter((row) => !had.some((one) => one.node === row.node && (row.node !== 'D' || one.name === row.name)))
  return [...had, ...missing.map((row): Row => ({ ...row, way: 'no' }))]
}

export const addresseesOf = (rows: readonly Row[]): AddresseeIn[] =>
  rows.filter((row) => row.way !== 'no').map((row) => ({ node: row.node, name: row.name.trim(), is_copy: row.way === 'copy' }))

/** What people said goes on into the next version; the course belongs to its own. */
export function saidOf(report: WrittenReport | null, fresh: boolean): Said {
  const said = Object.fromEntries(SAID.map((name) => [name, report?.narrative[name] ?? ''])) as Said
  return fresh ? { ...said, course: '' } : said
}

/** Which version may be begun after these: none while one is not out; after a final one only when the incident was reopened since. */
export function nextKinds(chain: readonly WrittenReport[], reopened: string | null = null): ReportKind[] {
  const live = chain.filter((r) => r.state !== 'dropped')
  const last = live.at(-1)
  if (last === undefined) return ['initial']
  const over = last.kind === 'final' && (reopened === null || ms(last.drafted_at) >= ms(reopened))
  if (over || (last.state !== 'sent' && last.state !== 'confirmed')) return []
  return ['followup', 'final']
}

export type Draft = Pick<ReportIn, 'kind'> & { secrecy: WrittenReport['secrecy']; urgency: WrittenReport['urgency']; contact: string; skip_reason: string }
