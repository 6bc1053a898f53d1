/** A row of a sheet, as a register says what it would do. */
export interface SheetRow {
  row: number
  action: string
  changed: string[]
}

/** What a register says of a whole sheet; `faults_total` when not all faults are told. */
export interface SheetPreview<R extends SheetRow = SheetRow> {
  applied: boolean
  created: number
  amended: number
  unchanged: number
  faults: { cell: string; zh: string; en: string }[]
  faults_total?: number
  rows: R[]
}
