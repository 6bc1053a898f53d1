import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { meetsName, spell } from '@/model/pinyin'

describe('a name is spelt', () => {
  it('as people say it, surnames with a reading of their own included', () => {
    const names = ['刘海', '欧阳志远', '吕红霞', '曾国强', '单田芳', '解永辉', '任建军', '徐志俊']
    expect(names.map((n) => spell(n).join(' '))).toEqual(['liu hai', 'ou yang zhi yuan', 'lv hong xia', 'zeng guo qiang', 'shan tian fang', 'xie yong hui', 'ren jian jun', 'xu zhi jun'])
  })

  it('and the service spells as the page does: app/pinyin.tsv', () => {
    const table = readFileSync('../app/pinyin.tsv', 'utf8')
    const pairs = table.trim().split('\n').map((line) => line.split('\t') as [string, string])
    const wrong = pairs.flatMap(([syllable, characters]) => [...characters].filter((one) => spell(one)[0] !== syllable))
    expect(pairs.length).toBe(399)
    expect(wrong).toEqual([])
  })

  it('and found by characters, by spelling, by first letters, by the given name', () => {
    expect(['刘', 'liuh', 'lh', 'hai', '海', ''].map((q) => meetsName(q, '刘海'))).toEqual([1, 2, 3, 5, 4, 0])
    expect(['wang', 'hl', 'zz'].map((q) => meetsName(q, '刘海'))).toEqual([null, null, null])
  })
})
