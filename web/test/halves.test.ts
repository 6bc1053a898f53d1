import { expect, it } from 'vitest'
import { halves } from '@/model/halves'
import { heardBy } from '@/model/links'

it.each([
  ['已 3 分钟未通联 / not heard for 3 min', '已 3 分钟未通联', 'not heard for 3 min'],
  ['电量 12%(下限 20%)/ battery 12%', '电量 12%(下限 20%)', 'battery 12%'],
  ['三人被困', '三人被困', '三人被困'],
  ['left / right', 'left / right', 'left / right'],
  ['东岸 / 西岸', '东岸 / 西岸', '东岸 / 西岸'],
])('%s is told in one language', (words, zh, en) => {
  expect(halves(words)).toEqual([zh, en])
})

it('what a device was heard by is a kind of link, and what tells several apart', () => {
  expect(heardBy('hytera:192.0.2.7')).toEqual({ kind: 'hytera', where: '192.0.2.7' })
  expect(heardBy('beidou:/dev/serial/beidou')).toEqual({ kind: 'beidou', where: '' })
  expect(heardBy('jt808')).toEqual({ kind: 'jt808', where: '' })
})
