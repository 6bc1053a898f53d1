import { describe, expect, it } from 'vitest'
import type { Supplies, SupplyTransfer } from '@/api/supplies'
import { logLine } from '@/model/log'
import { canBeCancelled, categoriesOf, goods, needsOf, nextStep, stillOut, storeAdequacy, storeRows, withSpare } from '@/model/supplies'
import { event } from './facts'

const line = { lot_id: 1, item_id: 1, name_zh: '棉被', unit: '床', reserved: 50, issued: 48, received: 47, returned: 10, used: 5 }
const order = (state: string): SupplyTransfer => ({ number: '樟应调〔2025〕第 1 号', state, warehouse_name: '市库', to_name: '东岸村', lines: [line] }) as unknown as SupplyTransfer

describe('a warehouse', () => {
  it('counts what is free and what is reserved, a lot or two', () => {
    const piles = [
      { warehouse_id: 1, item_id: 7, free: 3, reserved: 2 },
      { warehouse_id: 1, item_id: 7, free: 1, reserved: 0 },
      { warehouse_id: 9, item_id: 7, free: 4, reserved: 0 },
    ]
    const rows = storeRows({ warehouses: [{ id: 1 }, { id: 2 }], piles } as unknown as Supplies)
    expect(rows.map((r) => [r.pieces, r.byItem.get(7)])).toEqual([[6, 6], [0, undefined]])
  })
})

describe('an order', () => {
  it('goes from hand to hand and is cancelled before it is received', () => {
    const states = ['reserved', 'issued', 'under_way', 'delivered', 'settled', 'cancelled']
    expect(states.map((s) => nextStep(order(s)))).toEqual(['issue', 'carry', 'receive', 'return', null, null])
    expect(states.filter((s) => canBeCancelled(order(s)))).toEqual(['reserved', 'issued', 'under_way'])
    expect([order('delivered').lines.map(stillOut), goods(order('delivered'))]).toEqual([[32], '棉被47床'])
  })

  it('is told in the log, loudly when it differs', () => {
    const told = (differences: number) => logLine(event(1, { type: 'supply.delivered', transfer: order('delivered'), differences }))
    expect([told(0).loud, told(1).loud, told(1).zh]).toEqual([false, true, '调拨签收 樟应调〔2025〕第 1 号 市库 → 东岸村 棉被47床，不一致 1 项'])
  })
})

describe('a request', () => {
  it('has a spare row when the last one is filled, and sends none that is empty', () => {
    const one = { item_id: 1, quantity: 5 }
    expect(withSpare([one])).toEqual([one, { item_id: null, quantity: null }])
    expect(withSpare([{ item_id: 1, quantity: null }])).toHaveLength(1)
    expect(needsOf([one, { item_id: 2, quantity: 0 }, { item_id: null, quantity: 3 }])).toEqual([one])
  })
})

describe('what one warehouse suffices for', () => {
  const share = (id: string, code: string, per_person: string) => ({ id, name_zh: id, name_en: id, codes: [code], per_person, quantity: 0, persons: 0, missing: 0, limits: false })
  const pile = (item_id: number, free: number, expires_on: string | null = null) => ({ warehouse_id: 1, item_id, lot_id: item_id, lot: '', expires_on, free, reserved: 9 })
  const page = (piles: object[]): Supplies =>
    ({ day: '2026-07-01', items: [{ id: 1, code: '1010101' }, { id: 2, code: '1010201' }], piles, adequacy: { shares: [share('quilt', '10101', '1'), share('bed', '10102', '0.5')] } }) as unknown as Supplies

  it('is what its scarcest main category gives, of what is free and in date', () => {
    expect(storeAdequacy(page([pile(1, 40), pile(2, 15)]), 1).persons).toBe(30)
    expect(storeAdequacy(page([pile(1, 40), pile(2, 15, '2026-06-30')]), 1)).toMatchObject({ persons: 0, lacking: [{ id: 'bed' }], empty: false })
    expect(storeAdequacy(page([]), 1)).toMatchObject({ persons: 0, empty: true })
  })

  it('tells which norm a code falls under', () => {
    expect([categoriesOf(page([]), '1010299').map((c) => c.id), categoriesOf(page([]), '2010101')]).toEqual([['bed'], []])
  })
})
