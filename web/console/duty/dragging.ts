import type { Cell } from '@/api/types'

/** A person taken from the list, or a cell taken from the board. */
export interface Burden {
  readonly person: number
  readonly cell?: Cell
}

const KIND = 'application/x-zhishou-person'

export function carried(event: DragEvent, burden: Burden): void {
  event.dataTransfer?.setData(KIND, JSON.stringify(burden))
  if (event.dataTransfer !== null) event.dataTransfer.effectAllowed = 'move'
}

/** What was dropped; null for anything that does not come from here. */
export function dragged(event: DragEvent): Burden | null {
  const text = event.dataTransfer?.getData(KIND) ?? ''
  return text === '' ? null : (JSON.parse(text) as Burden)
}
