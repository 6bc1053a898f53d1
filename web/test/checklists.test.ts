import { expect, it } from 'vitest'
import type { Checklists, ChecklistTownship } from '@/api/checklists'
import { byShare, columnsOf, itemOf } from '@/model/checklists'
import { logLine } from '@/model/log'
import { event } from './facts'

const township = (code: string, percent: number | null): ChecklistTownship =>
  ({ region_code: code, kind: 'township', percent, items: [] }) as unknown as ChecklistTownship
const item = { key: 'eight.plans', zh: '预案', en: 'Plans', computed: null, days: 365 }
const lists = [
  { id: 'eight', zh: '八有', en: 'Eight', places: ['township'], items: [item] },
  { id: 'five', zh: '五有', en: 'Five', places: ['village'], items: [{ ...item, key: 'five.grid' }] },
  { id: 'six', zh: '六有', en: 'Six', places: ['township'], items: [] },
]

it('columns are what townships are asked; a list without items is none', () => {
  const board = { checklists: lists, townships: [township('1', 0)] } as unknown as Checklists
  expect(columnsOf(board).map((one) => one.list.id)).toEqual(['eight'])
  expect([itemOf(lists, 'five.grid')?.en, itemOf(lists, 'six.x')]).toEqual(['Plans', undefined])
})

it('the township that has least stands first, one of which nothing is asked last', () => {
  const rows = [township('4', null), township('3', 50), township('2', 50), township('1', 100)]
  expect(byShare(rows).map((one) => one.region_code)).toEqual(['2', '3', '1', '4'])
})

it('the log says whose evidence for what', () => {
  const evidence = { region_name: '临溪镇', expires_on: '2026-05-26', revoked_reason: '已搬迁' }
  const told = { item_zh: '仓库', item_en: 'Warehouse', evidence }
  expect(logLine(event(1, { type: 'readiness.evidence_given', ...told } as never)).zh).toBe('临溪镇 佐证“仓库”，有效至 2026-05-26')
  expect(logLine(event(2, { type: 'readiness.evidence_revoked', ...told } as never)).en).toBe('临溪镇: evidence for “Warehouse” revoked: 已搬迁')
})
