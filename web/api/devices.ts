/** Shapes of the register, its tests and the radio, until the schema has them. */
export type DeviceState = 'never_heard' | 'live' | 'silent' | 'off'
export type TestWord = 'ok' | 'due' | 'overdue' | 'failed' | 'running' | 'untested' | 'exempt'

export interface TestStanding {
  state: TestWord
  at: string | null
  due_at: string | null
  method: string | null
  detail: string | null
}

export interface Device {
  id: number
  family: string
  kind: string
  number: string
  printed_number: string
  label: string
  region_code: string
  region_path: string
  holder_id: number | null
  holder_name: string | null
  holder_phone: string | null
  team_id: number | null
  team_name: string | null
  lon: number | null
  lat: number | null
  coverage_km: number | null
  talk_groups: string[]
  battery_pct: number | null
  signal_pct: number | null
  firmware: string | null
  heard_via: string | null
  last_heard_at: string | null
  health_at: string | null
  note: string
  active: boolean
  fenced: boolean
  pinned: boolean
  unregistered: boolean
  carries: string[]
  state: DeviceState
  test: TestStanding
}

export interface DeviceTest {
  id: number
  device_id: number
  device_label: string
  kind: string
  region_code: string
  method: string
  automatic: boolean
  requested_by: string
  state: 'waiting' | 'running' | 'passed' | 'failed' | 'not_asked'
  asked_at: string
  started_at: string | null
  ended_at: string | null
  detail: string
}

export interface DeviceDetail extends Device {
  tests: DeviceTest[]
}

export interface TestTableRow {
  region_code: string
  region_name: string
  kind: string
  total: number
  ok: number
  due: number
  overdue: number
  failed: number
  running: number
  untested: number
  exempt: number
}

export interface ImportOut {
  applied: boolean
  created: number
  amended: number
  unchanged: number
  faults: { cell: string; zh: string; en: string }[]
  rows: { row: number; action: string; family: string; number: string; label: string; changed: string[] }[]
}

export interface UnknownDevice {
  family: string
  number: string
  first_heard_at: string
  last_heard_at: string
  count: number
}

export interface RadioTalk {
  id: number
  via: string
  talker: string
  device_id: number | null
  label: string | null
  target: string
  target_kind: string
  emergency: boolean
  started_at: string
  ended_at: string | null
  cut: boolean
}

export interface DeviceIn {
  family: string
  number: string
  kind?: string
  label?: string
  printed_number?: string
  region_code?: string
  holder_id?: number | null
  team_id?: number | null
  lon?: number | null
  lat?: number | null
  coverage_km?: number | null
  talk_groups?: string[]
  note?: string
}

export type DevicePatch = Partial<Omit<DeviceIn, 'family'>> & { active?: boolean; reason?: string }

export interface RollCallAnswer {
  device_id: number
  label: string
  number: string
  holder_name: string | null
  answered: boolean
  how: string | null
  answered_at: string | null
  note: string
}

export interface RollCall {
  id: number
  title: string
  state: 'open' | 'closed'
  opened_by: string
  opened_at: string
  closed_at: string | null
  total: number
  answered: number
}

export interface RollCallDetail extends RollCall {
  answers: RollCallAnswer[]
}

export interface RollCallIn {
  title: string
  talk_group?: string
  region_code?: string
  device_ids?: number[]
}

export interface Holder {
  id: number
  name: string
  post: string
  phone: string
}

export interface TeamName {
  id: number
  name: string
  call_sign: string
}

export interface Holders {
  people: Holder[]
  teams: TeamName[]
}
