import { describe, expect, it } from 'vitest'
import type { OrderDetail } from '@/api/orders'
import { emptyDraft, fromOrder, fromTemplate, keyOf, matching, partsOf, toOrder, type Choice } from '@/console/orders/draft'
import { orderLine, type OrderEvent } from '@/model/orderLog'

const choice = (n: number, name: string): Choice => ({ key: keyOf({ unit_id: n }), name, who: { unit_id: n }, township: true })
const [linxi, yongning] = [choice(1, '临溪镇应急管理所'), choice(2, '永宁镇应急管理所')] as const
const task = (ordinal: number, text: string) => ({ id: ordinal, ordinal, kind: 'action', text, due_at: null, state: 'open' })

describe('the draft of an order', () => {
  it('names owners by their place, and a line without words is no task', () => {
    const draft = { ...emptyDraft(), title: ' 巡查 ', recipients: [linxi, yongning] }
    draft.tasks = [
      { kind: 'action', text: '巡查', owner: '', due: '' },
      { kind: 'information', text: '报人数', owner: yongning.key, due: '' },
      { kind: 'action', text: '  ', owner: '', due: '' },
    ]
    expect(partsOf(draft).tasks.map((x) => x.owner)).toEqual([null, 1])
    expect(toOrder(draft, null)).toMatchObject({ title: '巡查', basis: 'text', incident_id: null })
    expect(toOrder({ ...draft, incident: 5 }, null).basis).toBe('incident')
    expect(toOrder(draft, 7)).toMatchObject({ basis: 'instruction', instruction_id: 7 })
  })

  it('takes title, tasks and deadlines from a template', () => {
    const draft = emptyDraft()
    fromTemplate(draft, { name: '洪水', name_en: 'Flood', title: '转移', tasks: [{ kind: 'action', text: '转移', due_min: 60 }] }, Date.UTC(2025, 5, 18))
    expect([draft.title, draft.tasks.length, new Date(draft.tasks[0]?.due ?? '').getTime()]).toEqual(['转移', 1, Date.UTC(2025, 5, 18, 1)])
  })

  it('reads an order back: what is everybody’s is one line', () => {
    const part = (n: number, tasks: unknown[]) => ({ unit_id: n, team_id: null, person_id: null, name: String(n), tasks })
    const order = { title: '巡查', text: '', incident_id: null, basis_text: '', report_requirement: '', report_due_at: null, parts: [part(1, [task(1, '巡查')]), part(2, [task(1, '巡查'), task(2, '报告')])] }
    const draft = fromOrder(order as unknown as OrderDetail)
    expect(draft.tasks.map((x) => [x.text, x.owner])).toEqual([['巡查', ''], ['报告', keyOf({ unit_id: 2, team_id: null, person_id: null })]])
  })

  it('finds by a few characters what is not taken yet', () => {
    const all = [yongning, linxi]
    expect(matching(all, '应急', new Set([yongning.key]))).toEqual([linxi])
    expect(matching(all, ' ', new Set())).toEqual([])
  })
})

describe('an order in the log', () => {
  const order = { number: '樟应指令〔2025〕1号', title: '巡查', addressees: ['临溪镇'], recipients: 1 }
  it('says who was called, aloud', () => {
    const event = { type: 'order.supervised', order, recipient: { name: '临溪镇' }, supervision: { step: 2, called: [{ name: '周敏' }] } }
    expect(orderLine(event as unknown as OrderEvent)).toEqual(['督办第2次 樟应指令〔2025〕1号 临溪镇，呼叫周敏', 'Supervision 2: 樟应指令〔2025〕1号, 临溪镇, to call 周敏', true])
  })
  it('says what was answered and to whom it went', () => {
    const answered = { type: 'order.returned', order, recipient: { name: '临溪镇' }, answer: { text: '请附名单' } }
    expect(orderLine(answered as unknown as OrderEvent)[0]).toBe('临溪镇 退回续办 樟应指令〔2025〕1号：请附名单')
    expect(orderLine({ type: 'order.issued', order } as unknown as OrderEvent)[0]).toBe('下达指令 樟应指令〔2025〕1号 巡查 → 临溪镇')
    const said = { type: 'instruction.captured', instruction: { leader_name: '沈立', text: '速办' } }
    expect(orderLine(said as unknown as OrderEvent)[0]).toBe('批示 沈立：速办')
  })
})
