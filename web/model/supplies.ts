import type { Supplies, SupplyAdequacy, SupplyPile, SupplyTransfer, SupplyTransferLine, SupplyWarehouse } from '@/api/supplies'

/** A warehouse with what lies in it: pieces by item, free and reserved together, and the sum. */
export interface StoreRow {
  readonly warehouse: SupplyWarehouse
  readonly byItem: ReadonlyMap<number, number>
  readonly pieces: number
}

export function storeRows(page: Supplies): StoreRow[] {
  const of = new Map<number, Map<number, number>>(page.warehouses.map((w) => [w.id, new Map()]))
  for (const pile of page.piles) {
    const items = of.get(pile.warehouse_id)
    items?.set(pile.item_id, (items.get(pile.item_id) ?? 0) + pile.free + pile.reserved)
  }
  return page.warehouses.map((warehouse) => {
    const byItem = of.get(warehouse.id) ?? new Map<number, number>()
    return { warehouse, byItem, pieces: [...byItem.values()].reduce((all, n) => all + n, 0) }
  })
}

export const pilesOf = (page: Supplies, warehouse: number): SupplyPile[] => page.piles.filter((p) => p.warehouse_id === warehouse)

/** The next hand-over of an order, as its form is called; null when nobody has to sign. */
export type TransferStep = 'issue' | 'carry' | 'receive' | 'return'
const NEXT: Partial<Record<SupplyTransfer['state'], TransferStep>> = {
  reserved: 'issue',
  issued: 'carry',
  under_way: 'receive',
  delivered: 'return',
}
export const nextStep = (order: SupplyTransfer): TransferStep | null => NEXT[order.state] ?? null

export const canBeCancelled = (order: SupplyTransfer): boolean => ['reserved', 'issued', 'under_way'].includes(order.state)

/** How many of a line are still out in the field. */
export const stillOut = (line: SupplyTransferLine): number => (line.received ?? 0) - line.returned - line.used

/** Of a line as many as the last step saw. */
export const latest = (line: SupplyTransferLine): number => line.received ?? line.issued ?? line.reserved

export const goods = (order: SupplyTransfer): string => order.lines.map((line) => `${line.name_zh}${latest(line)}${line.unit}`).join('、')

/** A row of a request as it is typed; empty rows are left out. */
export interface NeedDraft {
  item_id: number | null
  quantity: number | null
}
export const needsOf = (drafts: readonly NeedDraft[]): { item_id: number; quantity: number }[] =>
  drafts.flatMap(({ item_id, quantity }) => (item_id === null || quantity === null || quantity < 1 ? [] : [{ item_id, quantity }]))

/** A next row stands ready as soon as the last one is filled in. */
export const withSpare = (drafts: readonly NeedDraft[]): NeedDraft[] => {
  const last = drafts.at(-1)
  return last === undefined || (last.item_id !== null && last.quantity !== null) ? [...drafts, { item_id: null, quantity: null }] : [...drafts]
}

/** What a warehouse alone suffices for: persons by its scarcest main category, and the categories it has nothing of. */
export interface StoreAdequacy {
  readonly persons: number
  readonly lacking: readonly SupplyAdequacy['shares'][number][]
  readonly empty: boolean
}

/** Of a warehouse as of the county: free and in date counts, the scarcest main category decides. */
export function storeAdequacy(page: Supplies, warehouse: number): StoreAdequacy {
  const good = pilesOf(page, warehouse).filter((p) => p.free > 0 && (p.expires_on === null || p.expires_on >= page.day))
  const codes = new Map(page.items.map((i) => [i.id, i.code]))
  const served = page.adequacy.shares.map((share) => {
    const pieces = good.filter((p) => share.codes.some((c) => codes.get(p.item_id)?.startsWith(c))).reduce((sum, p) => sum + p.free, 0)
    return { share, persons: Math.floor(pieces / Number(share.per_person)) }
  })
  return {
    persons: served.length === 0 ? 0 : Math.min(...served.map((s) => s.persons)),
    lacking: served.filter((s) => s.persons === 0).map((s) => s.share),
    empty: good.length === 0,
  }
}

/** The main categories an item of this code counts in. */
export const categoriesOf = (page: Supplies, code: string): SupplyAdequacy['shares'] => page.adequacy.shares.filter((s) => s.codes.some((c) => code.startsWith(c)))
