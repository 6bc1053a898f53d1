import { describe, expect, it } from 'vitest'
import { heedIds, heed, QUIET, silence, SILENCE_MS, silenceLeft, unanswered, voice } from '@/model/alarms'
import { alarm, assignment } from './facts'

const T = 1_000_000

describe('the sound of alarms', () => {
  it('sounds while an alarm is open and stops when the server has it acknowledged', () => {
    const open = heed(QUIET, [alarm()])
    expect(voice(open, T)).toBe('sounding')
    expect(voice(heed(open, [alarm({ state: 'acknowledged' })]), T)).toBe('quiet')
  })

  it('is silenced for thirty seconds and then sounds again', () => {
    const hushed = silence(heed(QUIET, [alarm()]), T)
    expect(voice(hushed, T + SILENCE_MS - 1)).toBe('silenced')
    expect(silenceLeft(hushed, T + 10_000)).toBe(20_000)
    expect(voice(hushed, T + SILENCE_MS)).toBe('sounding')
    expect(silenceLeft(hushed, T + SILENCE_MS)).toBe(0)
  })

  it('does not silence an alarm that comes later', () => {
    const hushed = silence(heed(QUIET, [alarm()]), T)
    expect(voice(heed(hushed, [alarm(), alarm({ id: 2 })]), T + 1)).toBe('sounding')
  })

  it('a repeated call stays silenced until its time is over', () => {
    const hushed = silence(heed(QUIET, [alarm()]), T)
    expect(voice(heed(hushed, [alarm({ count: 10 })]), T + 1)).toBe('silenced')
  })

  it('is for calls for help alone: neither a ringing telephone nor a flat battery starts it', () => {
    expect(voice(heed(QUIET, [alarm({ kind: 'call' }), alarm({ id: 2, kind: 'low_battery' }), alarm({ id: 3, kind: 'silent' })]), T)).toBe('quiet')
    expect(voice(heed(QUIET, [alarm({ kind: 'meteor' as never })]), T)).toBe('sounding')
  })

  it('forgets the silence of an alarm that was settled', () => {
    const hushed = silence(heed(QUIET, [alarm()]), T)
    expect(heed(hushed, []).silencedUntil.size).toBe(0)
  })
})

it('the leader sees orders nobody answered after he was alerted', () => {
  const led = assignment({ leader_alerted_at: '2026-07-01T18:16:20Z' })
  const rows = unanswered([assignment({ id: 1 }), led, { ...led, id: 2, state: 'acknowledged' as const }])
  expect(rows).toEqual([led])
})

it('a question of the centre rings until somebody opened it, and a silence is over for the next one', () => {
  const silenced = silence(heedIds(QUIET, [7]), 0)
  expect([voice(heedIds(QUIET, [7]), 0), voice(silenced, 10), voice(heedIds(silenced, [7, 8]), 10), voice(heedIds(silenced, []), 10)]).toEqual(['sounding', 'silenced', 'sounding', 'quiet'])
})
