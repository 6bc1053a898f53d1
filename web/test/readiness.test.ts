import { describe, expect, it } from 'vitest'
import type { Level, Sheet, StandbyList } from '@/api/readiness'
import { byNeed, cents, countColours, dayAfter, money, readNames, runs, sumOf, writeNames } from '@/model/readiness'
import { logLine } from '@/model/log'
import { event } from './facts'

const level = (over: Partial<Level>): Level =>
  ({ region_code: '990181100000', name_zh: '临溪镇', name_en: 'Linxi', colour: 'green', present: 12, required: 12, contact: null, ...over }) as Level

describe('names', () => {
  it('are read one a line, in whatever order and with whatever between', () => {
    expect(readNames('张三 13900000001\n13900000002,李四\n\n王五\t+8613900000003').persons).toEqual([
      { name: '张三', phone: '13900000001' },
      { name: '李四', phone: '13900000002' },
      { name: '王五', phone: '+8613900000003' },
    ])
  })

  it('without a telephone, or a telephone without a name, are told', () => {
    expect(readNames('张三\n13900000001')).toEqual({ persons: [], wrong: ['张三', '13900000001'] })
  })

  it('come back into the box as they were written', () => {
    const persons = [{ name: '张三', phone: '139', state: 'named' }, { name: '李四', phone: '138', state: 'struck' }]
    expect([writeNames({ persons } as StandbyList), writeNames(null)]).toEqual(['张三 139', ''])
  })
})

it('what needs somebody stands first', () => {
  const levels = [level({ region_code: '3', colour: 'none' }), level({ region_code: '2' }), level({ region_code: '1' }), level({ region_code: '4', colour: 'red' })]
  expect(byNeed(levels).map((x) => x.region_code)).toEqual(['4', '1', '2', '3'])
  expect(countColours(levels)).toEqual({ red: 1, amber: 0, green: 2, none: 1 })
})

it('sums are whole cents', () => {
  const sheets = Array.from({ length: 10 }, () => ({ person_days: 1, yuan: '0.10' }) as Sheet)
  expect([sumOf(sheets), cents('37200.00'), money(3_720_000)]).toEqual([{ days: 10, cents: 100 }, 3_720_000, '37,200.00'])
})

it('days of a month are written as runs', () => {
  expect(runs(['2025-10-01', '2025-10-02', '2025-10-03', '2025-10-07'])).toBe('1–3、7')
  expect([dayAfter('2025-10-01', -1), dayAfter('2025-12-31', 1)]).toEqual(['2025-09-30', '2026-01-01'])
})

it('the log says who is short, by how many, and whom to call', () => {
  const short = level({ name_zh: '洲尾乡', present: 11, contact: { name: '洲尾乡长', phone: '13907990201' } })
  const line = logLine(event(1, { type: 'standby.short', level: short }))
  expect([line.zh, line.loud]).toEqual(['洲尾乡 备勤不足 11/12 → 洲尾乡长 13907990201', true])
  expect(logLine(event(2, { type: 'standby.restored', level: level({}) })).zh).toBe('临溪镇 备勤已恢复 12/12')
})

it('a sheet that was approved again tells both sums', () => {
  const said = { region_code: '1', region_name: '洲尾乡', month: '2025-10-01', revision: 2, person_days: 371, yuan: '37100.00', before: '37200.00' }
  expect(logLine(event(1, { type: 'standby.sheet_approved', ...said })).zh).toBe('洲尾乡 2025-10 备勤补助审批 37100.00元（第 2 版，原 37200.00元）')
})
