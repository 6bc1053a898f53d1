import type { Checklist, ChecklistItem, ChecklistPlace, Checklists, ChecklistTownship, ItemState } from '@/api/checklists'

/** A group of columns: a list with the items that some township of the board must have. */
export interface Columns {
  readonly list: Checklist
  readonly items: readonly ChecklistItem[]
}

/** The lists that townships are asked, as columns; what is asked of villages only is counted, not shown. */
export function columnsOf(board: Checklists): Columns[] {
  const kinds = new Set(board.townships.map((one) => one.kind))
  return board.checklists
    .filter((list) => list.items.length > 0 && list.places.some((kind) => kinds.has(kind)))
    .map((list) => ({ list, items: list.items }))
}

/** What is worst stands first; otherwise the order of the places. */
export const byShare = (townships: readonly ChecklistTownship[]): ChecklistTownship[] =>
  [...townships].sort((a, b) => (a.percent ?? 101) - (b.percent ?? 101) || a.region_code.localeCompare(b.region_code))

export const stateOf = (place: ChecklistPlace, key: string): ItemState | undefined =>
  place.items.find((one) => one.key === key)

/** An item by its key, wherever it stands. */
export const itemOf = (lists: readonly Checklist[], key: string): ChecklistItem | undefined =>
  lists.flatMap((list) => list.items).find((item) => item.key === key)
