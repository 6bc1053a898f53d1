import type { Selection } from './queue'

/** What one window of an operator tells his others: what is at hand, or that it has just been opened. */
export type Said = { kind: 'hello' } | { kind: 'hand'; selection: Selection | null; team: number | null }

const isId = (n: unknown): n is number => typeof n === 'number' && Number.isSafeInteger(n)

/** Another window may be of another version: what is not understood is nothing. */
export function understood(data: unknown): Said | null {
  if (typeof data !== 'object' || data === null || !('kind' in data)) return null
  if (data.kind === 'hello') return { kind: 'hello' }
  if (data.kind !== 'hand' || !('selection' in data) || !('team' in data)) return null
  const { selection, team } = data
  if (team !== null && !isId(team)) return null
  if (selection === null) return { kind: 'hand', selection, team }
  if (typeof selection !== 'object' || !('kind' in selection) || !('id' in selection) || !isId(selection.id)) return null
  const { kind, id } = selection
  return kind === 'alarm' || kind === 'incident' ? { kind: 'hand', selection: { kind, id }, team } : null
}
