import { describe, expect, it } from 'vitest'
import type { ForceTeam } from '@/api/forceRegister'
import { daysTo, differences, isWanted, stateOf, type TeamState } from '@/model/forceRegister'
import { apply, fromSnapshot } from '@/model/live'
import { logLine } from '@/model/log'
import { event, snapshot, team } from './facts'

const entry = (more: Partial<ForceTeam> = {}): ForceTeam => ({
  id: 3,
  name_zh: '临溪镇综合队',
  name_en: 'Linxi team',
  call_sign: '综3',
  kind: 'semi_pro',
  region_code: '990181100000',
  region_name: '临溪镇',
  unit_id: 7,
  unit_name: '临溪镇',
  parent_id: null,
  parent_name: null,
  leader_id: null,
  leader_name: '周强',
  phone: '',
  lon: 115.5,
  lat: 28,
  strength: 12,
  standby_strength: 6,
  speed_kmh: 40,
  capabilities: ['boat'],
  standby: true,
  dispatchable: true,
  active: true,
  out: false,
  lacking: [],
  pieces: 0,
  pieces_ready: 0,
  revision: 1,
  changed_by: '',
  changed_at: null,
  ...more,
})

describe('the register of forces', () => {
  it.each<[Partial<ForceTeam>, Partial<{ text: string; unit: number; place: string; state: TeamState }>, boolean]>([
    [{}, {}, true],
    [{ active: false }, {}, false],
    [{ active: false }, { state: 'retired' }, true],
    [{ out: true }, { state: 'out' }, true],
    [{}, { state: 'off' }, false],
    [{ lacking: [{ capability: 'boat', code: 'equipment_unready', zh: '在修', en: 'in repair' }] }, { state: 'lacking' }, true],
    [{}, { state: 'lacking' }, false],
    [{}, { unit: 8 }, false],
    [{}, { place: '990181101' }, false],
    [{}, { text: '周强' }, true],
    [{}, { text: '消防' }, false],
  ])('finds %o by %o: %s', (more, wanted, found) => {
    expect(isWanted(entry(more), { text: '', unit: null, place: '', state: '', ...wanted })).toBe(found)
  })

  it('says what a team is doing', () => {
    expect([entry({ active: false }), entry({ out: true }), entry(), entry({ standby: false })].map(stateOf)).toEqual(['retired', 'out', 'standby', 'off'])
  })

  it('names the fields in which two savers differ, and only those', () => {
    const mine = { name: '甲', people: 3, tags: ['a', 'b'], unit: null as number | null }
    expect(differences(mine, { ...mine, people: 4, unit: 2, tags: ['a', 'b'] })).toEqual([
      { field: 'people', mine: '3', theirs: '4' },
      { field: 'unit', mine: '', theirs: '2' },
    ])
  })

  it('counts the days to a date', () => {
    const noon = Date.parse('2026-07-01T04:00:00Z')
    expect([daysTo('2026-07-11', noon), daysTo('2026-06-01', noon) < 0]).toEqual([10, true])
  })

  it('shows a team that was entered and lets one that was retired go', () => {
    const start = fromSnapshot(snapshot())
    const entered = apply(start, event(start.seq + 1, { type: 'team.registered', team_id: 9, entry: entry({ id: 9 }), team: team({ id: 9 }), changed: [] }))
    expect(entered.teams.has(9)).toBe(true)
    const gone = { type: 'team.retired', team_id: 9, entry: entry({ id: 9, active: false }), team: null, changed: ['active'] } as const
    const retired = event(start.seq + 2, { ...gone, changed: [...gone.changed] })
    expect(apply(entered, retired).teams.has(9)).toBe(false)
    expect(logLine(retired).zh).toBe('停用队伍 临溪镇综合队')
  })

  it('says in the log who was called for an incident, and changes nothing on the desk', () => {
    const start = fromSnapshot(snapshot())
    const call = { id: 1, incident_id: 5, expert_id: 2, expert_name: '方观澜', sector: 'flood', phone: '1', called_by: '刘海', called_at: '2026-07-01T00:00:00Z', outcome: 'coming', advice: '', entered_by: '刘海', entered_at: '2026-07-01T00:00:00Z' } as const
    const called = event(start.seq + 1, { type: 'incident.expert_called', call, zh: '防汛抗旱专家方观澜', en: 'Fang' })
    expect(apply(start, called).incidents).toBe(start.incidents)
    expect(logLine(called)).toMatchObject({ category: 'incident', zh: '专家会商：防汛抗旱专家方观澜', en: 'Expert called: Fang' })
  })
})
