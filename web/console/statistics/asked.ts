import type { FigureRow, Measure } from '@/api/statistics'

/** Which figure somebody wants to see the list of. */
export interface Asked {
  readonly measure: Measure
  readonly span: number
  readonly row?: FigureRow
  readonly good?: boolean
}
