import { describe, expect, it } from 'vitest'
import { replacementOf, unreplaced } from '@/model/replacement'
import { assignment } from './facts'

const left = assignment({ id: 1, state: 'cancelled', cancelled_at: '2025-06-17T18:20:00Z', assigned_at: '2025-06-17T18:10:00Z', diverted_to_id: 9 })

describe('a team that was diverted', () => {
  it('is missed until somebody goes in its place', () => {
    expect(unreplaced([left])).toEqual([left])
    const instead = assignment({ id: 2, replaces_id: 1, assigned_at: '2025-06-17T18:20:00Z' })
    expect(unreplaced([left, instead])).toEqual([])
    expect(replacementOf(left, [left, instead])?.id).toBe(2)
  })

  it('is missed again when its replacement declines', () => {
    expect(unreplaced([left, assignment({ id: 2, replaces_id: 1, state: 'declined', assigned_at: '2025-06-17T18:20:00Z' })])).toEqual([left])
  })

  it('is replaced by any team sent afterwards, not by one that was there before', () => {
    const before = assignment({ id: 2, assigned_at: '2025-06-17T18:11:00Z' })
    expect(unreplaced([left, before])).toEqual([left])
    expect(unreplaced([left, before, assignment({ id: 3, assigned_at: '2025-06-17T18:25:00Z' })])).toEqual([])
  })
})
