import type { Event } from '@/api/events'
import type { Device, DeviceState, TestWord } from '@/api/types'
import { fold, initials } from './places'

/** What a device can be looked for by besides its kind and place: how it is heard, its tests, its password. */
export type DeviceMark = DeviceState | Extract<TestWord, 'due' | 'overdue' | 'failed' | 'untested' | 'running'> | 'ok' | 'unregistered' | 'credential'

export const MARKS: readonly DeviceMark[] = ['live', 'silent', 'never_heard', 'off', 'ok', 'due', 'overdue', 'failed', 'untested', 'running', 'unregistered', 'credential']

export interface DeviceFilter {
  readonly kind: string
  /** A prefix of region codes; the county's own devices have a township part of zeros. */
  readonly region: string
  readonly mark: DeviceMark | ''
  readonly text: string
}

export const NO_FILTER: DeviceFilter = { kind: '', region: '', mark: '', text: '' }

/** Whether the password of a device is overdue (isLate, of credentials.ts). */
export type Late = (device: Device) => boolean
const NOT_ASKED: Late = () => false

/** A device out of service has no tests to be late with, and its silence says nothing. */
export function hasMark(device: Device, mark: DeviceMark, late: Late = NOT_ASKED): boolean {
  switch (mark) {
    case 'live':
    case 'silent':
    case 'never_heard':
    case 'off':
      return device.state === mark
    case 'unregistered':
      return device.unregistered
    case 'credential':
      return late(device)
    default:
      return device.active && device.test.state === mark
  }
}

/** Names of places in Latin letters, by region code: the people of the desk type pinyin. */
export type Latin = (regionCode: string) => string

function words(device: Device, latin: Latin): string {
  const zh = `${device.label} ${device.number} ${device.printed_number} ${device.holder_name ?? ''} ${device.holder_phone ?? ''} ${device.team_name ?? ''} ${device.region_path} ${device.heard_via ?? ''}`
  const names = latin(device.region_code)
  return `${fold(zh)} ${fold(names)} ${initials(names)}`
}

export function filterDevices(devices: readonly Device[], filter: DeviceFilter, latin: Latin, late: Late = NOT_ASKED): Device[] {
  const asked = filter.text.trim().split(/\s+/).map(fold).filter(Boolean)
  return devices.filter((device) => {
    if (filter.kind !== '' && device.kind !== filter.kind) return false
    if (!device.region_code.startsWith(filter.region)) return false
    if (filter.mark !== '' && !hasMark(device, filter.mark, late)) return false
    if (asked.length === 0) return true
    const own = words(device, latin)
    return asked.every((word) => own.includes(word))
  })
}

export type MarkCounts = Record<DeviceMark, number> & { all: number }

export function countMarks(devices: readonly Device[], late: Late = NOT_ASKED): MarkCounts {
  const counts = Object.fromEntries(MARKS.map((mark) => [mark, devices.filter((d) => hasMark(d, mark, late)).length]))
  return { ...counts, all: devices.length } as MarkCounts
}

/** Kinds as the county thinks of them: how people are reached first, what merely stands last. */
export const KINDS: readonly string[] = [
  'radio_370',
  'satellite_phone',
  'beidou_terminal',
  'sbd_terminal',
  'repeater',
  'conference_room',
  'uav',
  'video_backhaul',
  'broadcast_terminal',
  'tower_camera',
  'vehicle_terminal',
  'field_phone',
  'gateway',
  'other',
]

export type DeviceColumn = 'number' | 'label' | 'place' | 'holder' | 'state' | 'test' | 'battery' | 'signal' | 'heard'
export interface DeviceOrder {
  readonly column: DeviceColumn
  readonly down: boolean
}

const collator = new Intl.Collator('zh-CN', { numeric: true })
const STATE_RANK: Record<DeviceState, number> = { silent: 0, live: 1, never_heard: 2, off: 3 }
const TEST_RANK: Record<TestWord, number> = { failed: 0, overdue: 1, due: 2, untested: 3, running: 4, ok: 5, exempt: 6 }

const KEY: Record<DeviceColumn, (d: Device) => string | number | null> = {
  number: (d) => `${String(KINDS.indexOf(d.kind) + 1 || KINDS.length + 1).padStart(2, '0')} ${d.number}`,
  label: (d) => d.label,
  place: (d) => d.region_code,
  holder: (d) => d.holder_name ?? d.team_name,
  state: (d) => STATE_RANK[d.state],
  test: (d) => TEST_RANK[d.test.state],
  battery: (d) => d.battery_pct,
  signal: (d) => d.signal_pct,
  heard: (d) => d.last_heard_at,
}

/** Sorted by a column; what has no value there stands at the end, whichever way. */
export function sortDevices(devices: readonly Device[], order: DeviceOrder): Device[] {
  const key = KEY[order.column]
  const turn = order.down ? -1 : 1
  return [...devices].sort((a, b) => {
    const [x, y] = [key(a), key(b)]
    if (x === null || y === null) return Number(x === null) - Number(y === null) || a.id - b.id
    const by = typeof x === 'number' && typeof y === 'number' ? x - y : collator.compare(String(x), String(y))
    return by * turn || a.id - b.id
  })
}

/** Families of the register, with the kind each usually is. */
export const FAMILIES: Readonly<Record<string, string>> = {
  hdap: 'radio_370',
  satphone: 'satellite_phone',
  rdss21: 'beidou_terminal',
  rdss40: 'beidou_terminal',
  rsmc: 'beidou_terminal',
  sbd: 'sbd_terminal',
  jt808: 'vehicle_terminal',
  gateway: 'gateway',
  repeater: 'repeater',
  uav: 'uav',
  dji: 'uav',
  mavlink: 'uav',
  video_backhaul: 'video_backhaul',
  tower_camera: 'tower_camera',
  conference_room: 'conference_room',
  broadcast: 'broadcast_terminal',
}

/** Kinds that occur, in the county's order; one we do not know stands at the end. */
export function kindsOf(devices: readonly Device[]): string[] {
  const found = new Set(devices.map((d) => d.kind))
  return [...KINDS.filter((kind) => found.has(kind)), ...[...found].filter((kind) => !KINDS.includes(kind)).sort()]
}

/** The nine digits of a township; what is registered at the county itself gives the county's. */
export const townshipPrefix = (regionCode: string): string => regionCode.slice(0, 9)

/** What stands still, as marks of the map. */
export function fixedDevices(devices: readonly Device[]) {
  return devices.flatMap((d) =>
    d.lon === null || d.lat === null || !d.active
      ? []
      : [{ id: d.id, label: d.label, lon: d.lon, lat: d.lat, state: d.state, coverage_km: d.coverage_km }],
  )
}

/** Old register + event = new register; what is no event of a device changes nothing. */
export function withDeviceEvent(devices: readonly Device[], event: Event): readonly Device[] {
  switch (event.type) {
    case 'device.registered':
    case 'device.amended':
    case 'device.credential_renewed':
    case 'device.switched_off': {
      const { device } = event
      return devices.some((d) => d.id === device.id)
        ? devices.map((d) => (d.id === device.id ? device : d))
        : [...devices, device]
    }
    case 'device.tested': {
      const { test, standing } = event
      return devices.map((d) => (d.id === test.device_id ? { ...d, test: standing } : d))
    }
    default:
      return devices
  }
}
