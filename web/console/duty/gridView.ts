import type { Cell, Finding, Override, Seat, Temporary } from '@/api/types'
import type { DutyDay } from '@/model/month'
import { at, changesAt, seatDays } from '@/model/roster'
import type { Board } from './board'

/** All that one cell of the board shows. */
export interface CellView {
  readonly seat: Seat
  readonly day: DutyDay
  readonly own: readonly Cell[]
  readonly running: readonly Cell[]
  readonly lack: number
  /** Not in what was published. */
  readonly added: readonly Cell[]
  /** Published, and here no more. */
  readonly dropped: readonly Cell[]
  readonly overrides: readonly Override[]
  readonly temporaries: readonly Temporary[]
  readonly findings: readonly Finding[]
}

export interface RowView {
  readonly seat: Seat
  readonly cells: readonly CellView[]
}

export function viewOf(board: Board): RowView[] {
  const days = board.days.value
  const { added, dropped } = board.diff.value
  const { overrides = [], temporaries = [] } = board.out.value ?? {}
  return board.seats.value.map((seat) => ({
    seat,
    cells: seatDays(board.cells.value, days, seat).map((on, n) => {
      const place = { seat: seat.id, day: n }
      return {
        seat,
        day: days[n] as DutyDay,
        ...on,
        added: at(added, place),
        dropped: at(dropped, place),
        overrides: changesAt(overrides, days, place),
        temporaries: changesAt(temporaries, days, place),
        findings: at(board.found.value, place),
      }
    }),
  }))
}
