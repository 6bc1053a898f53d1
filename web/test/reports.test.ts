import { describe, expect, it } from 'vitest'
import type { WrittenReport } from '@/api/reports'
import { addresseesOf, nextKinds, rowsOf, saidOf } from '@/console/incident/reports/form'
import { reportLine, type ReportEvent } from '@/model/reportLog'

const report = (kind: string, state: string, more: object = {}): WrittenReport =>
  ({ kind, state, addressees: [], narrative: { cause: '强降雨', course: '水位回落' }, ...more }) as unknown as WrittenReport

describe('the next version of a report', () => {
  it('is an initial one first, none while one is not out, and nothing after a final one', () => {
    expect(nextKinds([])).toEqual(['initial'])
    expect(nextKinds([report('initial', 'dropped')])).toEqual(['initial'])
    expect(nextKinds([report('initial', 'signed')])).toEqual([])
    expect(nextKinds([report('initial', 'sent')])).toEqual(['followup', 'final'])
    expect(nextKinds([report('initial', 'confirmed'), report('final', 'sent')])).toEqual([])
  })

  it('keeps what people said but not the course, and the addressees of the one before', () => {
    expect(saidOf(report('initial', 'sent'), true)).toMatchObject({ cause: '强降雨', course: '' })
    expect(saidOf(report('initial', 'draft'), false).course).toBe('水位回落')
    const rows = rowsOf(report('initial', 'sent', { addressees: [{ node: 'P', name: '市局', is_copy: true }] }))
    expect(addresseesOf(rows)).toEqual([{ node: 'P', name: '市局', is_copy: true }])
    expect(rows.map((row) => row.node)).toEqual(['P', 'CG', 'PR', 'D'])
  })
})

describe('the log', () => {
  it('says what happened to a report, to whom and why', () => {
    const told = { report: { number: '樟应信初〔2025〕1号', title: '东岸村洪水事件初报' }, addressee: '', words: '' }
    expect(reportLine({ ...told, type: 'report.sent', addressee: '市局' } as ReportEvent)[0]).toBe('报送 樟应信初〔2025〕1号 东岸村洪水事件初报 → 市局')
    expect(reportLine({ ...told, type: 'report.returned', words: '写明水深' } as ReportEvent)).toEqual([
      '退回修改 樟应信初〔2025〕1号 东岸村洪水事件初报：写明水深',
      'Report returned: 樟应信初〔2025〕1号 东岸村洪水事件初报: 写明水深',
      true,
    ])
  })
})
