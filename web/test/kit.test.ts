import { describe, expect, it } from 'vitest'
import type { Kit, KitLine, StationKit } from '@/api/types'
import { counted, countVerdicts, notMet, placesTable, teamsTable, worstOf } from '@/model/kit'

const line = (item: string, works: number, at_least = 1, verdict: KitLine['verdict'] = works >= at_least ? 'met' : 'short'): KitLine => ({ item, at_least, works, untested: [], broken: [], missing: Math.max(0, at_least - works), verdict })
const station = (region_code: string, name: string, lines: KitLine[], team_id: number | null = null): StationKit => ({
  station: team_id === null ? 'township' : 'team', name, region_code, team_id, verdict: worstOf(lines.map((l) => l.verdict)), lines,
})
const item = (name: string, kinds = [name]) => ({ item: name, kinds, at_least: 1, source: 'x', trust: 'D' })
const kit: Kit = {
  norms: [
    { station: 'centre', zh: '中心', en: 'centre', of_team: false, items: [item('uav'), item('satellite_phone')] },
    { station: 'township', zh: '乡镇', en: 'township', of_team: false, items: [item('satellite_phone'), item('radio_370')] },
    { station: 'team', zh: '队', en: 'team', of_team: true, items: [item('satellite_link', ['satellite_phone', 'beidou_terminal'])] },
  ],
  stations: [
    station('990181000000', '樟川市', [line('uav', 1)]),
    station('990181100000', '临溪镇', [line('radio_370', 5, 2), line('satellite_phone', 0, 1, 'untested')]),
    station('990181100201', '东岸村', [line('broadcast_terminal', 1, 2)]),
    station('990181100202', '东山村', [line('broadcast_terminal', 2, 2)]),
    station('990181100000', '临溪队', [line('satellite_link', 1)], 7),
  ],
}

describe('the minimum kit', () => {
  it('puts items of several norms into one column and villages into one cell', () => {
    const table = placesTable(kit)
    expect(table.columns.map((c) => c.item)).toEqual(['uav', 'satellite_phone', 'radio_370'])
    expect(table.rows.map((r) => [r.name, r.verdict, r.villages?.met, r.villages?.total])).toEqual([['樟川市', 'met', undefined, undefined], ['临溪镇', 'untested', 1, 2]])
    expect(table.rows[1]?.villages).toMatchObject({ verdict: 'short', short: ['东岸村'] })
  })

  it('keeps teams apart, never counts more than is asked for, and shows the gaps alone', () => {
    expect(teamsTable(kit).rows.map((r) => r.name)).toEqual(['临溪队'])
    expect(teamsTable(kit).columns[0]?.kinds).toEqual(['satellite_phone', 'beidou_terminal'])
    expect([counted(line('radio_370', 5, 2)), counted(line('radio_370', 1, 2))]).toEqual([2, 1])
    expect(notMet(placesTable(kit)).rows.map((r) => r.name)).toEqual(['临溪镇'])
    expect(countVerdicts(placesTable(kit).rows)).toEqual({ met: 1, untested: 1, short: 0 })
  })
})
