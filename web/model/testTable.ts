import type { TestTableRow } from '@/api/types'

/** How the devices of one township and kind stand with their tests. */
export interface Cell {
  readonly total: number
  readonly ok: number
  readonly due: number
  readonly overdue: number
  readonly failed: number
  readonly running: number
  readonly untested: number
  readonly exempt: number
}

export type CellLook = 'failed' | 'overdue' | 'due' | 'untested' | 'ok' | 'exempt'

export interface TableLine {
  readonly region: string
  readonly name: string
  readonly cells: ReadonlyMap<string, Cell>
  readonly sum: Cell
}

export interface TestTable {
  readonly kinds: readonly string[]
  readonly lines: readonly TableLine[]
  readonly sums: ReadonlyMap<string, Cell>
  readonly sum: Cell
}

const NOTHING: Cell = { total: 0, ok: 0, due: 0, overdue: 0, failed: 0, running: 0, untested: 0, exempt: 0 }

const plus = (a: Cell, b: Cell): Cell => ({
  total: a.total + b.total,
  ok: a.ok + b.ok,
  due: a.due + b.due,
  overdue: a.overdue + b.overdue,
  failed: a.failed + b.failed,
  running: a.running + b.running,
  untested: a.untested + b.untested,
  exempt: a.exempt + b.exempt,
})

/** The worst that is in a cell names it: one failed radio among ten is what has to be seen. */
export function lookOf(cell: Cell): CellLook {
  if (cell.failed > 0) return 'failed'
  if (cell.overdue > 0) return 'overdue'
  if (cell.due > 0) return 'due'
  if (cell.untested > 0) return 'untested'
  return cell.total > cell.exempt ? 'ok' : 'exempt'
}

/** What a click on the cell should list: the devices that made it look as it does. */
export const markOf = (cell: Cell): Exclude<CellLook, 'ok' | 'exempt'> | '' => {
  const look = lookOf(cell)
  return look === 'ok' || look === 'exempt' ? '' : look
}

/** Rows of the wire as a table: townships by code, kinds in the order given; kinds never tested left out. */
export function testTable(rows: readonly TestTableRow[], order: readonly string[]): TestTable {
  const tested = new Set(rows.filter((r) => r.total > r.exempt).map((r) => r.kind))
  const place = (kind: string): number => (order.indexOf(kind) + order.length + 1) % (order.length + 1)
  const kinds = [...tested].sort((a, b) => place(a) - place(b) || a.localeCompare(b))
  const lines = new Map<string, { name: string; cells: Map<string, Cell> }>()
  const sums = new Map<string, Cell>()
  for (const row of [...rows].sort((a, b) => a.region_code.localeCompare(b.region_code))) {
    if (!tested.has(row.kind)) continue
    const line = lines.get(row.region_code) ?? { name: row.region_name, cells: new Map<string, Cell>() }
    line.cells.set(row.kind, row)
    lines.set(row.region_code, line)
    sums.set(row.kind, plus(sums.get(row.kind) ?? NOTHING, row))
  }
  const total = (cells: Iterable<Cell>): Cell => [...cells].reduce(plus, NOTHING)
  return {
    kinds,
    lines: [...lines].map(([region, { name, cells }]) => ({ region, name, cells, sum: total(cells.values()) })),
    sums,
    sum: total(sums.values()),
  }
}
