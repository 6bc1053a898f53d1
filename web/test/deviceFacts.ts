import type { Device, RadioTalk, RollCallAnswer, TestTableRow, TestWord } from '@/api/types'
import { AT } from './facts'

export const standing = (state: TestWord): Device['test'] => ({ state, at: AT, due_at: null, method: 'by_hand', detail: '' })

export const device = (more: Partial<Device> = {}): Device => ({
  id: 11,
  family: 'hdap',
  kind: 'radio_370',
  number: '370101',
  printed_number: '',
  label: '临溪1',
  region_code: '990181100000',
  region_path: '樟川市临溪镇',
  holder_id: 4,
  holder_name: null,
  holder_phone: null,
  team_id: null,
  team_name: null,
  lon: null,
  lat: null,
  coverage_km: null,
  talk_groups: [],
  battery_pct: null,
  signal_pct: null,
  firmware: null,
  heard_via: null,
  last_heard_at: null,
  health_at: null,
  note: '',
  active: true,
  fenced: false,
  pinned: false,
  unregistered: false,
  off_reason: '',
  carries: [],
  state: 'live',
  test: standing('ok'),
  ...more,
})

export const testRow = (more: Partial<TestTableRow> = {}): TestTableRow => ({
  region_code: '990181100000',
  region_name: '临溪镇',
  kind: 'radio_370',
  total: 1,
  ok: 0,
  due: 0,
  overdue: 0,
  failed: 0,
  running: 0,
  untested: 0,
  exempt: 0,
  ...more,
})

export const talk = (more: Partial<RadioTalk> = {}): RadioTalk => ({
  id: 1,
  via: 'hytera:10.1.2.3',
  talker: '370101',
  device_id: 11,
  talker_label: '临溪1',
  target: '101',
  target_kind: 'group',
  emergency: false,
  started_at: AT,
  ended_at: AT,
  cut: false,
  target_name: null,
  ...more,
})

export const rollAnswer = (more: Partial<RollCallAnswer> = {}): RollCallAnswer => ({
  roll_call_id: 1,
  device_id: 11,
  call_sign: '临溪1',
  number: '370101',
  region_code: '990181100000',
  holder_name: null,
  holder_phone: null,
  state: 'waiting',
  how: '',
  note: '',
  answered_at: null,
  noted_by: '',
  asked_at: null,
  ...more,
})

type Payload<E> = E extends Event ? Omit<E, 'seq' | 'at' | 'actor'> : never
