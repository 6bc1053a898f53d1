import { describe, expect, it } from 'vitest'
import { everyOf, isHeld, mayReload, sceneAt, SCENES, shiftAt } from '@/model/scenes'

describe('the scenes of the wall', () => {
  it('take turns by the clock, so that two walls agree', () => {
    expect([0, 29_000, 30_000, 60_000, 90_000].map((at) => sceneAt(at, 30, SCENES))).toEqual(['situation', 'situation', 'forces', 'warnings', 'situation'])
    expect(sceneAt(31_000, 0, SCENES)).toBe('situation')
  })

  it.each([
    [undefined, 30],
    ['12', 12],
    ['1', 5],
    ['0', 0],
    ['-3', 0],
    ['x', 30],
    ['99999', 3600],
  ])('stand as long as the address says: %s → %s s', (told, seconds) => expect(everyOf(told)).toBe(seconds))

  it('hold while somebody calls for help, and half an hour after an incident of level I', () => {
    const now = Date.now()
    expect(isHeld(now, [{ level: 1, since: now - 60_000 }], 0)).toBe(true)
    expect(isHeld(now, [{ level: 1, since: now - 31 * 60_000 }, { level: 2, since: now }], 0)).toBe(false)
    expect(isHeld(now, [], 1)).toBe(true)
  })

  it('begin anew at four when nothing is going on, and not twice', () => {
    const hours = 3_600_000
    expect(mayReload(4, 24 * hours, true, 0)).toBe(true)
    expect(mayReload(4, 24 * hours, true, 1)).toBe(false)
    expect(mayReload(4, 24 * hours, false, 0)).toBe(false)
    expect(mayReload(4, hours, true, 0)).toBe(false)
    expect(mayReload(5, 24 * hours, true, 0)).toBe(false)
  })

  it('never stand on the same points for ever', () => {
    const seen = new Set(Array.from({ length: 8 }, (_, n) => String(shiftAt(n * 120_000))))
    expect(seen.size).toBe(8)
  })
})
