import { describe, expect, it } from 'vitest'
import type { BaseMap } from '@/api/types'
import { circleRing } from '@/model/geodesy'
import { townshipsOf, villagesInside } from '@/model/inside'
import { findOnMap, milestonesOf } from '@/model/mapFind'
import { region } from './facts'

const at = (lon: number, lat: number, population = 0) => ({ lon, lat, population })
const REGIONS = [
  region('990181000000', '樟川市', 'Zhangchuan', 'county', null),
  { ...region('990181100000', '临溪镇', 'Linxi Town', 'township', '990181000000'), ...at(118.2, 28.5) },
  { ...region('990181100204', '东岸村', "Dong'an Cun", 'village', '990181100000'), ...at(118.21, 28.51, 1200) },
  { ...region('990181100205', '西岭村', 'Xiling Cun', 'village', '990181100000'), ...at(118.3, 28.6, 800) },
  { ...region('990181200201', '洲尾社区', 'Zhouwei Shequ', 'community', '990181200000'), ...at(118.205, 28.505, 300) },
]
const SHELTERS = [{ id: 7, name_zh: '临溪中学', lon: 118.22, lat: 28.52, region_code: '990181100204' }]
const STONES = [{ name: 'G990 K1206', lon: 118.1, lat: 28.4 }, { name: 'G990 K1216', lon: 118.2, lat: 28.4 }]
const names = (text: string): string[] => findOnMap(text, REGIONS, SHELTERS, STONES).map((one) => one.name)

describe('a place on the map', () => {
  it.each([
    ['东岸', ['东岸村']],
    ['dongan', ['东岸村']],
    ['dac', ['东岸村']],
    ['临溪', ['临溪镇', '临溪中学']],
    ['lxz', ['临溪镇', '临溪中学']],
    ['linxi', ['临溪镇', '临溪中学']],
    ['临溪 东岸', ['东岸村']],
    ['zhongxue', ['临溪中学']],
    ['k1206', ['G990 K1206']],
    ['g990 k12', ['G990 K1206', 'G990 K1216']],
    ['没有这里', []],
    ['  ', []],
  ])('%s finds %j', (text, found) => expect(names(text)).toEqual(found))

  it('tells where a shelter lies, and reads figures as a place', () => {
    expect(findOnMap('中学', REGIONS, SHELTERS, STONES)[0]).toMatchObject({ id: 'shelter-7', kind: 'shelter', path: '临溪镇 东岸村', lon: 118.22 })
    expect(findOnMap('28.5N 118.2E', REGIONS, SHELTERS, STONES)).toEqual([{ id: 'point', kind: 'point', name: '28.5N 118.2E', path: '', lon: 118.2, lat: 28.5 }])
  })
})

it('knows the villages inside an area by their centres, and their townships', () => {
  const inside = villagesInside(REGIONS, circleRing({ lon: 118.2, lat: 28.5 }, 2000))
  expect(inside.map((v) => v.name)).toEqual(['东岸村', '洲尾社区'])
  expect(townshipsOf(inside)).toEqual(['990181100000', '990181200000'])
  expect(villagesInside(REGIONS, [])).toEqual([])
})

it('takes milestones from the map of the county, and nothing that is none', () => {
  const feature = (type: string, coordinates: unknown, kind: string, name?: string) => ({ type: 'Feature' as const, geometry: { type, coordinates }, properties: { kind, ...(name === undefined ? {} : { name }) } })
  const base: BaseMap = { type: 'FeatureCollection', features: [feature('Point', [118, 28], 'milestone', 'G990 K1'), feature('Point', [118, 28], 'village', '东岸村'), feature('Point', null, 'milestone', 'x'), feature('Point', [1, 2], 'milestone')] }
  expect(milestonesOf(base)).toEqual([{ name: 'G990 K1', lon: 118, lat: 28 }])
})
