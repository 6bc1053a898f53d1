import { describe, expect, it } from 'vitest'
import { newKey } from '@/api/client'
import { orderText } from '@/console/dispatch/order'
import { callDraft, dropDraft, emptyDraft, keepDraft, loadDraft, missing, toConfirmation, toIncident } from '@/console/intake/draft'
import { lang, t, word } from '@/i18n'
import { en } from '@/i18n/en'
import { zh } from '@/i18n/zh'
import { isRoutine, logLine } from '@/model/log'
import { alarm, assignment, AT, delivery, event, incident } from './facts'

describe('the dictionary', () => {
  it('has the same keys and the same blanks in both languages', () => {
    expect(Object.keys(en)).toEqual(Object.keys(zh))
    const blanks = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort()
    for (const key of Object.keys(zh) as (keyof typeof zh)[]) expect([key, blanks(en[key])]).toEqual([key, blanks(zh[key])])
  })

  it('fills blanks and shows words of the wire it does not know as they are', () => {
    lang.value = 'zh'
    expect([t('field.outbox', { n: 2 }), word('unit', 'en_route'), word('unit', 'asleep')]).toEqual(['待发送 2', '途中', 'asleep'])
  })
})

describe('a line of the log', () => {
  it('says who was called, how often and where', () => {
    const line = logLine(event(1, { type: 'alarm.repeated', alarm: alarm({ count: 10 }) }))
    expect([line.zh, line.loud]).toEqual(['SOS ×10 吴强（北斗 0500123）临溪镇 东岸村', false])
  })

  it('leaves out what goes right by itself every night, never what failed or what somebody did', () => {
    const tested = (state: string, automatic: boolean) => event(1, { type: 'device.tested', test: { state, automatic } } as never)
    expect([tested('passed', true), tested('failed', true), tested('passed', false)].map(isRoutine)).toEqual([true, false, false])
    const told = (topic: string) => event(1, { type: 'notice.sent', notice: { topic } } as never)
    expect([told('own_duty'), told('coverage')].map(isRoutine)).toEqual([true, false])
  })

  it('tells a call by its number, a trouble by its device, and neither as SOS', () => {
    const call = alarm({ kind: 'call', subject: '17400000012', text: '李伟 值班员', device_label: '市卫星电话1' })
    expect(logLine(event(1, { type: 'alarm.raised', alarm: call })).zh).toBe('来电 17400000012 李伟 值班员 → 市卫星电话1')
    const flat = logLine(event(2, { type: 'alarm.raised', alarm: alarm({ kind: 'low_battery', text: '12%', device_label: '临溪1' }) }))
    expect([flat.zh, flat.en, flat.loud, flat.category]).toEqual(['临溪1 电量低：12%', '临溪1 low battery: 12%', false, 'device'])
    expect(logLine(event(3, { type: 'alarm.dismissed', alarm: { ...call, dismiss_reason: '打错' } })).zh).toBe('排除 17400000012 来电：打错')
  })

  it('gives the reaction time and the channel', () => {
    const moved = assignment({ state: 'en_route', answer_channel: 'radio', assigned_at: '2026-07-01T18:12:20Z' })
    const line = logLine(event(1, { type: 'assignment.en_route', assignment: moved, deliveries: [], owner: null, note: '' }))
    expect(line.zh).toBe('临溪镇综合队 已出发 SJ-20260701-005（1:00，经电台）')
    expect(line.en).toBe('综3 departed for SJ-20260701-005 (1:00, by radio)')
  })

  it('never calls a submitted message delivered', () => {
    expect(logLine(event(1, { type: 'delivery.submitted', delivery: delivery() })).zh).toBe('0500123 北斗已提交，未确认送达')
    expect(logLine(event(1, { type: 'delivery.delivered', delivery: delivery({ state: 'delivered' }) }), () => '综3').zh).toBe('综3 北斗已送达')
  })

  it('tells when the leader was alerted', () => {
    const led = assignment({ escalation_step: 3, leader_alerted_at: AT })
    expect(logLine(event(1, { type: 'assignment.escalated', assignment: led, deliveries: [], owner: null, note: '' })).zh).toContain('已报带班领导')
  })

  it('shows a kind of event it does not know by its name', () => {
    expect(logLine({ seq: 1, at: AT, actor: null, type: 'roster.signed' } as never).zh).toBe('roster.signed')
  })
})

it('an order reads like one over the radio', () => {
  const flood = incident({ life_threat: true, description: '水漫一楼', casualties: { ...incident().casualties, trapped: 3 } })
  expect(orderText(flood, 'zh')).toBe('SJ-20260701-005 洪水，临溪镇 东岸村，被困3人，危及生命。水漫一楼。请立即出动，到场即报。')
})

describe('the intake draft', () => {
  it('of a call knows the number and the name, and is kept apart from one of no call', () => {
    const call = alarm({ id: 7, kind: 'call', subject: '17400000012', text: '李伟' })
    const draft = callDraft(call, AT)
    expect(draft.callers).toEqual([{ name: '李伟', phone: '17400000012', words: '' }])
    keepDraft(draft, call)
    expect(loadDraft(call)).toBeNull() // only looked at
    draft.description = '水进屋了'
    keepDraft(draft, call)
    expect([loadDraft(call)?.description, loadDraft(null)]).toEqual(['水进屋了', null])
    dropDraft(call)
    draft.region = { code: '990181100204', name: '东岸村' }
    draft.type = { scheme: 'CN-EVENT-5', code: '11A01', name_zh: '洪水', name_en: 'flood' }
    const body = toIncident(draft)
    expect(Object.keys(toConfirmation(body ?? ({} as never)))).not.toContain('source')
  })

  it('asks for place and type before anything else', () => {
    const draft = emptyDraft(AT)
    expect([missing(draft), toIncident(draft)]).toEqual([['place', 'type'], null])
  })

  it('leaves out callers nobody named and keeps unknown casualties unknown', () => {
    const draft = emptyDraft(AT)
    draft.region = { code: '990181100204', name: '东岸村' }
    draft.type = { scheme: 'CN-EVENT-5', code: '11A01', name_zh: '洪水', name_en: 'flood' }
    const body = toIncident(draft)
    expect([body?.callers, body?.casualties?.trapped, body?.received_at, body?.initial_level]).toEqual([[], null, AT, 4])
  })
})

it('makes keys where the browser has no randomUUID', () => {
  const original = crypto.randomUUID
  Object.defineProperty(crypto, 'randomUUID', { value: undefined, configurable: true })
  expect(newKey()).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
  Object.defineProperty(crypto, 'randomUUID', { value: original, configurable: true })
})
