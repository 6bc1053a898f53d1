import { describe, expect, it } from 'vitest'
import type { Person, Unit } from '@/api/people'
import { changesOf, earlier, personDraft, toPerson } from '@/console/people/draft'
import { logLine } from '@/model/log'
import { apply, NOTHING } from '@/model/live'
import { unitRows } from '@/model/people'
import { event, team } from './facts'

const unit = (id: number, parent_id: number | null, more: Partial<Unit> = {}): Unit => ({
  id,
  kind: 'department',
  name_zh: `单位${id}`,
  name_en: `Unit ${id}`,
  region_code: '990181000000',
  region_path: '樟川市',
  parent_id,
  business_parent_id: null,
  active: true,
  people: 6,
  full_time: 2,
  staffing: 'exempt',
  ...more,
})

const person = (more: Partial<Person> = {}): Person => ({
  id: 1,
  name: '邹敏',
  title: '所长',
  region_code: '990181100000',
  region_path: '樟川市临溪镇',
  unit_id: 7,
  unit_name: '临溪镇应急管理所',
  phones: [
    { number: '13800000001', label: 'mobile' },
    { number: '0799-5550110', label: 'office' },
  ],
  call_sign: '',
  satellite_number: '',
  beidou_number: '',
  qualifications: ['应急指挥'],
  full_time: true,
  active: true,
  ...more,
})

describe('the tree of units', () => {
  const units = [unit(1, null), unit(2, 1), unit(3, 2), unit(4, 1), unit(9, 99)]

  it('lays those below under their superior; one whose superior is out of sight is a root', () => {
    expect(unitRows(units).map((r) => [r.unit.id, r.depth, r.parents])).toEqual([[1, 0, true], [2, 1, true], [3, 2, false], [4, 1, false], [9, 0, false]])
    expect(unitRows(units).find((r) => r.unit.id === 3)?.under).toEqual([1, 2])
  })

  it('that is filtered keeps what is found in sight', () => {
    expect(unitRows(units, (u) => u.id === 3).map((r) => [r.unit.id, r.depth])).toEqual([[3, 0]])
  })
})

describe('the form of a person', () => {
  const home = { unit_id: 7, region_code: '990181100000' }

  it('sends only what differs, and no empty telephone', () => {
    const draft = personDraft(person(), home)
    draft.phones.push({ number: ' ', label: 'home' })
    expect(changesOf(personDraft(person(), home), draft)).toEqual({})
    draft.phones = earlier(draft.phones, 1)
    draft.qualifications = '应急指挥，舟艇'
    expect(changesOf(personDraft(person(), home), draft)).toEqual({
      phones: [{ number: '0799-5550110', label: 'office' }, { number: '13800000001', label: 'mobile' }],
      qualifications: ['应急指挥', '舟艇'],
    })
  })

  it('of somebody new begins in the unit that was chosen; the first telephone cannot come earlier', () => {
    expect(toPerson({ ...personDraft(null, home), name: '邹' })).toMatchObject({ unit_id: 7, region_code: '990181100000', phones: [] })
    expect(earlier([1, 2, 3], 0)).toEqual([1, 2, 3])
  })
})

describe('events of people', () => {
  it('say who, and how many shifts are left open', () => {
    const gone = event(1, { type: 'person.deactivated', person: person(), changed: ['active'], shifts_left: 3 })
    expect(logLine(gone).zh).toBe('人员停用 邹敏，留下 3 个班次待补')
    const taken = event(2, { type: 'person.succeeded', person_id: 1, person_name: '邹敏', successor_id: 2, successor_name: '李强', taken_over: 4 })
    expect([logLine(taken).zh, logLine(taken).category]).toEqual(['邹敏 的 4 项职责移交 李强', 'duty'])
  })

  it('change the leader of a team on the board, and no team that is not there', () => {
    const live = { ...NOTHING, teams: new Map([[7, team({ id: 7 })]]) }
    const led = { type: 'team.leader_changed', team_name: '江河救援队', leader_name: '李强', leader_phone: '138' } as const
    expect(apply(live, event(1, { ...led, team_id: 7 })).teams.get(7)).toMatchObject({ leader_name: '李强', leader_phone: '138' })
    expect(apply(live, event(1, { ...led, team_id: 8 })).teams).toBe(live.teams)
  })
})
