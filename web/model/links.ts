/** One part of the service as /api/health tells of it. */
export type Part = Record<string, unknown>

export type LinkKind = 'jt808' | 'beidou' | 'hytera' | 'gateway' | 'mqtt' | 'satphone' | 'sbd' | 'router' | 'dji' | 'mavlink' | 'media' | 'other'

/** A link to the world outside: a cable, a port, a broker, the road service. */
export interface Link {
  readonly name: string
  readonly kind: LinkKind
  /** The part of the name that tells several of a kind apart: an address, a port, a gateway's id. */
  readonly where: string
  readonly ok: boolean
  /** What the driver says is wrong with it, in its own words. */
  readonly why: string
}

const KINDS: readonly LinkKind[] = ['jt808', 'beidou', 'hytera', 'gateway', 'mqtt', 'satphone', 'sbd', 'router', 'dji', 'mavlink', 'media']

/** Parts of the house that are no link to a device. */
const INNER = new Set(['realtime', 'screen_times', 'leader', 'anchors', 'escalator', 'positions', 'sender', 'device_tests', 'device_watch', 'roll_calls', 'readiness', 'coverage', 'handover', 'orders', 'drills', 'whistles', 'status_calls', 'meetings', 'call_and_respond', 'supplies', 'reporting', 'exchange', 'broadcasts', 'network', 'contact', 'messengers', 'reconciliation', 'paper_sheet', 'nearby', 'broadcast_wire', 'broadcast_links', 'responses', 'warnings', 'history', 'self_watch', 'clock', 'archive'])

const said = (part: Part): string => (typeof part.trouble === 'string' ? part.trouble : '')

/** The last part of a long path tells cables apart as well. */
const short = (where: string): string => (where.startsWith('/') ? (where.split('/').at(-1) ?? where) : where)

/** What a device was last heard by (“hytera:192.0.2.7”): the kind of link, and what tells several of it apart. */
export function heardBy(via: string): { kind: string; where: string } {
  const [kind = '', ...rest] = via.split(':')
  const where = short(rest.join(':'))
  return { kind, where: where === kind ? '' : where }
}

/** The links among the parts, the broken ones first. */
export function linksOf(parts: Record<string, Part>): Link[] {
  return Object.entries(parts)
    .filter(([name]) => !INNER.has(name))
    .map(([name, part]) => {
      const [head = '', ...rest] = name.split(':')
      const kind = KINDS.find((k) => k === head) ?? 'other'
      const ok = part.ok !== false
      return { name, kind, where: kind === 'other' ? name : short(rest.join(':')), ok, why: ok ? '' : said(part) }
    })
    .sort((a, b) => Number(a.ok) - Number(b.ok) || a.name.localeCompare(b.name))
}
