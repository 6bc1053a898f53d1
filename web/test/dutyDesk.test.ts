import { describe, expect, it } from 'vitest'
import type { BookLine, HandoverItem, HandoverSheet, Owner } from '@/api/dutyDesk'
import { filtered, monthShifted, shifted } from '@/model/book'
import { instantOf } from '@/model/time'
import { isDuty } from '@/model/dutyLog'
import { countdown, isOwners, moved, nextWaiting, receivers, signerOf, stateOf } from '@/model/handover'
import { logLine } from '@/model/log'
import { AT } from './facts'

const item = (id: number, more: Partial<HandoverItem> = {}): HandoverItem =>
  ({ id, gone_at: null, ticked_at: null, opened_at: null, in_order: null, ...more }) as HandoverItem

describe('a hand-over', () => {
  it('knows how far an item is', () => {
    const states = [item(1), item(1, { opened_at: AT }), item(1, { ticked_at: AT, in_order: true }), item(1, { ticked_at: AT, in_order: false }), item(1, { ticked_at: AT, gone_at: AT })]
    expect(states.map(stateOf)).toEqual(['unread', 'read', 'ticked', 'disorder', 'gone'])
  })

  it('goes on to the next item that waits, from the top again at the end', () => {
    const items = [item(1), item(2, { ticked_at: AT, in_order: true }), item(3, { gone_at: AT }), item(4)]
    expect([nextWaiting(items, 1), nextWaiting(items, 4), nextWaiting(items, null)]).toEqual([4, 1, 1])
    expect(nextWaiting([item(1, { gone_at: AT })], 1)).toBeNull()
    expect([moved(items, null, 1), moved(items, 1, 1), moved(items, 4, 1), moved(items, 1, -1), moved([], 1, 1)]).toEqual([1, 2, 4, 1, null])
  })

  it('counts down to the change and up after it', () => {
    const now = Date.parse(AT)
    expect([countdown(AT, now - 65_000), countdown(AT, now + 3_665_000)]).toEqual([
      { text: '−1:05', over: false },
      { text: '+1:01:05', over: true },
    ])
  })

  it('lets members act for themselves only, and names the receiver at another’s screen', () => {
    const member = (person_id: number, side: string, arrived_at: string | null) => ({ person_id, side, arrived_at, left_at: null })
    const signers = [7, 8].map((person_id) => ({ part: 'leader', person_id, name: '', has_account: false }))
    const sheet = { members: [member(1, 'outgoing', null), member(2, 'incoming', AT), member(3, 'incoming', AT), member(4, 'incoming', null)], signers } as unknown as HandoverSheet
    const ids = (me: number | null): number[] => receivers(sheet, me).map((m) => m.person_id)
    expect([ids(1), ids(2), ids(4), ids(9), ids(null)]).toEqual([[], [2], [], [2, 3], [2, 3]])
    expect([signerOf(sheet, 'leader', 8)?.person_id, signerOf(sheet, 'leader', 1)?.person_id, signerOf(sheet, 'incoming', 1)]).toEqual([8, 7, null])
  })
})

it('rings for the owner’s team and at screens of nobody', () => {
  const owner = { team_person_ids: [2, 3] } as Owner
  expect([isOwners(owner, 2), isOwners(owner, 9), isOwners(owner, null), isOwners(null, 9)]).toEqual([true, false, true, true])
})

describe('the book', () => {
  it('is filtered by business line and by who wrote it', () => {
    const lines = [
      { seq: 1, by_hand: true, lines: ['disaster', 'rescue'] },
      { seq: 2, by_hand: false, lines: ['rescue'] },
    ] as BookLine[]
    const seqs = (line: 'rescue' | 'disaster' | null, source: 'all' | 'hand' | 'house'): number[] => filtered(lines, { line, source }).map((l) => l.seq)
    expect([seqs(null, 'all'), seqs('disaster', 'all'), seqs('rescue', 'house'), seqs('rescue', 'hand')]).toEqual([[1, 2], [1], [2], [1]])
  })

  it('turns days and months over their ends', () => {
    expect([shifted('2025-02-28', 1), shifted('2025-01-01', -1), monthShifted('2025-12', 1), monthShifted('2025-01', -1)]).toEqual(['2025-03-01', '2024-12-31', '2026-01', '2024-12'])
    expect([instantOf(''), instantOf('2025-07-01T08:00')]).toEqual([null, new Date('2025-07-01T08:00').toISOString()])
  })
})

it('every event of the desk is a line of the log', () => {
  const base = { seq: 1, at: AT, actor: null }
  const member = { name: '王军', late_min: 22, left_before_relief: true }
  const said = (event: object): string => logLine({ ...base, ...event } as never).zh
  expect(isDuty({ type: 'handover.late' } as never)).toBe(true)
  expect(said({ type: 'handover.late', member })).toBe('王军 迟到 22 分钟')
  expect(said({ type: 'handover.left', member })).toBe('王军 离岗，接班人未到')
  expect(said({ type: 'handover.item_ticked', item: { zh: '值班电话', en: '', ticked_by: '李明', in_order: false, remark: '有杂音' } })).toBe('李明 接收：值班电话（有杂音）')
  expect(said({ type: 'handover.completed', handover: { post_name: '中心' }, owner: { lead_name: '刘海' } })).toBe('中心 交接完成，刘海 接班')
  expect(said({ type: 'duty_log.entered', entry: { text: '转移 27 人', corrects_seq: 4 } })).toBe('日志更正 #4：转移 27 人')
})
