import { expect, it } from 'vitest'
import { search, type Found } from '@/model/finder'

const one = (id: string, kind: Found['kind'], ...names: string[]): Found => ({ id, kind, names, act: () => undefined })
const ALL = [
  one('new', 'command', '新警情', 'New incident'),
  one('duty', 'page', '值班', 'Duty'),
  one('supplies', 'page', '物资', 'Supplies'),
  one('i', 'incident', '东岸村3人被困', 'SJ-20250618-0007'),
  one('linxi', 'team', '临溪镇综合应急救援队', 'Linxi rescue team', 'L1'),
  one('liu', 'person', '刘海', '19900001234'),
  one('fire', 'plan', '森林火灾应急预案'),
]
const found = (text: string): string[] => search(ALL, text).map((f) => f.id)

it.each([
  ['xjq', 'new'],
  ['xinjing', 'new'],
  ['new inc', 'new'],
  ['物', 'supplies'],
  ['0007', 'i'],
  ['dongan', 'i'],
  ['beikun', 'i'],
  ['lx', 'linxi'],
  ['rescue', 'linxi'],
  ['liuhai', 'liu'],
  ['1234', 'liu'],
  ['huozai', 'fire'],
])('%s finds %s first', (text, id) => {
  expect(found(text)[0]).toBe(id)
})

it('without a word shows the commands and the open incidents, and nonsense finds nothing', () => {
  expect(found('')).toEqual(['new', 'i'])
  expect(found('qqqq')).toEqual([])
})
