import { expect, it } from 'vitest'
import { inLatin } from '@/model/properNames'

const said = inLatin([
  { zh: '临溪镇', en: 'Linxi Town' },
  { zh: '樟川市', en: 'Zhangchuan City' },
  { zh: '临溪镇综合应急救援队', en: 'Linxi Rescue Team' },
  { zh: '无名队', en: '' },
])

it.each([
  ['SOS 吴强 (临溪镇综合应急救援队) 樟川市临溪镇', 'SOS 吴强 (Linxi Rescue Team) Zhangchuan City Linxi Town'],
  ['临溪镇: road closed', 'Linxi Town: road closed'],
  ['无名队 acknowledged', '无名队 acknowledged'],
  ['no names here', 'no names here'],
  ['', ''],
])('%s', (text, expected) => {
  expect([said(text), said(text)]).toEqual([expected, expected])
})

it('of no names says everything as it was', () => {
  expect(inLatin([])('樟川市')).toBe('樟川市')
})
