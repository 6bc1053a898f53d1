import { describe, expect, it } from 'vitest'
import type { StatusAnswer, StatusQuestion, StatusUnit } from '@/api/statusCalls'
import { logLine } from '@/model/log'
import { outline } from '@/model/outline'
import { answerIn, countOf, draftOf, missingOf, urgentFirst, usualDeadline, valuesOf, valueWords } from '@/model/statusCalls'
import { event } from './facts'

const question = (number: number, kind: StatusQuestion['kind'], more: Partial<StatusQuestion> = {}) => ({ number, kind, text: `问${number}`, unit: '', minimum: 0, maximum: null, whole: true, of_people: false, cumulative: false, choices: [], optional: false, ...more }) as StatusQuestion
const QUESTIONS = [question(1, 'number'), question(2, 'yes_no'), question(3, 'lacking'), question(4, 'text', { optional: true })]
const unit = (id: number, standing: StatusUnit['standing'], answers: StatusAnswer[] = []) => ({ id, standing, answers, unit_name: `${id}镇`, late_minutes: standing === 'late' ? 6 : null }) as unknown as StatusUnit

describe('the answer form', () => {
  it('opens with what was said last, and says what is still missing', () => {
    const last = { values: { '1': 23, '2': false, '3': ['雨衣', '冲锋舟'] } } as unknown as StatusAnswer
    expect(draftOf(QUESTIONS, last)).toEqual({ 1: '23', 2: false, 3: '雨衣\n冲锋舟', 4: '' })
    expect(missingOf(QUESTIONS, draftOf(QUESTIONS, null))).toEqual([1, 2])
  })

  it('sends numbers as numbers, a list as a list, and leaves out what was not said', () => {
    expect(valuesOf(QUESTIONS, { 1: '23', 2: true, 3: '雨衣30件、水泵\n', 4: '' })).toEqual({ 1: 23, 2: true, 3: ['雨衣30件', '水泵'] })
    expect(answerIn(null, null, '', '')).toEqual({ nothing: true, values: {}, reason: '', note: '', source: 'app' })
    expect(answerIn({ 1: 2 }, { source: 'phone', toldBy: '王', toldAt: '', voucher: '录1' }, '', '')).toMatchObject({ nothing: false, source: 'phone', told_by: '王', told_at: null, voucher: '录1' })
  })

  it('writes values as people read them', () => {
    expect([true, [], ['a', 'b'], 5, undefined].map((v) => valueWords(v, '是', '否', '不缺'))).toEqual(['是', '不缺', 'a、b', '5', ''])
  })

  it('gives people at least an hour and a half, on the half hour', () => {
    expect(usualDeadline(new Date(2026, 5, 18, 8, 40).getTime())).toBe('2026-06-18T10:30')
  })
})

describe('the table', () => {
  it('shows the silent first and counts how they stand', () => {
    const units = [unit(1, 'answered'), unit(2, 'silent'), unit(3, 'late')]
    expect(urgentFirst(units).map((u) => u.id)).toEqual([2, 3, 1])
    expect(countOf(units)).toEqual({ silent: 1, waiting: 0, late: 1, answered: 1 })
  })
})

describe('the map', () => {
  it('draws townships flat and north up', () => {
    const ring = [[118, 28], [119, 28], [119, 29], [118, 29], [118, 28]]
    const town = { type: 'Feature' as const, geometry: { type: 'Polygon', coordinates: [ring] }, properties: { kind: 'township', code: '990181100000', name: '临溪镇', seat: [118.5, 29] } }
    const drawn = outline({ type: 'FeatureCollection', features: [town] })
    expect(drawn.shapes[0]).toMatchObject({ code: '990181100000', x: 500, y: 0 })
    expect(outline(null).shapes).toEqual([])
  })
})

describe('the log', () => {
  it('says why a head was called', () => {
    const called = { unit_name: '临溪镇应急管理所', title: '转移情况', name: '周敏', why_zh: '临溪镇值班室当班（按值班表）', why_en: 'on duty' }
    const line = logLine(event(1, { type: 'status_call.escalated', called } as never))
    expect([line.zh, line.loud]).toEqual(['临溪镇应急管理所 到时未报 转移情况，报其负责人 周敏（临溪镇值班室当班（按值班表））', true])
  })

  it('tells rounds, receipts, answers, texts and repeats', () => {
    const status_call = { title: '转移', recipients: 23, answered: 21, late: 2 }
    const said = (body: object) => logLine(event(1, body as never)).zh
    expect(['planned', 'opened', 'closed', 'cancelled', 'summarised'].map((type) => said({ type: `status_call.${type}`, status_call, reason: '改期' }))).toEqual(['预定调度 转移', '发起调度 转移：23 个单位', '调度结束 转移：已报 21/23，迟报 2', '取消调度 转移：改期', '调度汇总 转移：已报 21/23'])
    const late = unit(1, 'late', [{}, {}] as never)
    expect(['read', 'reminded', 'answered', 'corrected'].map((type) => said({ type: `status_call.${type}`, unit: late, title: '转移' }))).toEqual(['1镇 已阅 转移', '催报 1镇：转移', '1镇 填报 转移，迟 6 分钟', '1镇 更正填报：转移（第 2 版）'])
    expect(said({ type: 'status_call.text_refused', text: { sender: '东1', words: '1=很多' } })).toBe('填报短信未能识别 东1：1=很多')
    expect(['set', 'stopped'].map((type) => said({ type: `status_call.repeat_${type}`, title: '转移', repeat: {} }))).toEqual(['定时调度 转移', '停止定时调度 转移'])
  })
})
