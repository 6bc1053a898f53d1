import { expect, it } from 'vitest'
import { understood } from '@/model/windows'

it.each([
  [{ kind: 'hello' }],
  [{ kind: 'hand', selection: null, team: null }],
  [{ kind: 'hand', selection: { kind: 'alarm', id: 4 }, team: 7 }],
  [{ kind: 'hand', selection: { kind: 'incident', id: 4 }, team: null }],
])('a window understands %j', (said) => expect(understood(structuredClone(said))).toEqual(said))

it.each([[null], ['hello'], [{}], [{ kind: 'bye' }], [{ kind: 'hand' }], [{ kind: 'hand', selection: { kind: 'order', id: 1 }, team: null }], [{ kind: 'hand', selection: { kind: 'alarm', id: '1' }, team: null }], [{ kind: 'hand', selection: 3, team: null }], [{ kind: 'hand', selection: null, team: 1.5 }]])('and makes nothing of %j', (said) => {
  expect(understood(said)).toBeNull()
})
