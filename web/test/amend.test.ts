import { expect, it } from 'vitest'
import { changedOf, rebased } from '@/model/amend'

const before = { capacity: 100, opener: '王红', facilities: ['供水'] }

it('only what was changed is sent', () => {
  expect(changedOf(before, { ...before, facilities: ['供水', '供电'] })).toEqual({ facilities: ['供水', '供电'] })
  expect(changedOf(before, { ...before, facilities: ['供水'] })).toEqual({})
})

it('own changes stay, what somebody else changed is taken over, and what both changed is named', () => {
  const draft = { ...before, capacity: 120, opener: '李明' }
  const fresh = { capacity: 90, opener: '李明', facilities: [] as string[] }
  expect(rebased(before, draft, fresh)).toEqual({ draft: { capacity: 120, opener: '李明', facilities: [] }, theirs: { capacity: 90 } })
})
