import { describe, expect, it } from 'vitest'
import { deliveryReason } from '@/model/deliveryReason'

describe('why a message did not get through', () => {
  it.each([
    ['no_answer', '对方无应答', 'no answer'],
    ['failed channel busy', '对方未执行 channel busy', 'the far side failed channel busy'],
    ['error_38', '设备代码 38', 'device code 38'],
    ['由值班员代发', '由值班员代发', '由值班员代发'],
    ['', '', ''],
  ])('%s is said in words', (reason, zh, en) => {
    expect(deliveryReason(reason)).toEqual({ zh, en })
  })
})
