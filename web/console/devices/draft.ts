import type { Device, DeviceIn, DevicePatch } from '@/api/types'
import { FAMILIES } from '@/model/devices'

/** A device as it is typed: a point and talk groups are one line each. */
export interface DeviceDraft {
  family: string
  number: string
  kind: string
  label: string
  printed_number: string
  region_code: string
  holder_id: number | null
  team_id: number | null
  point: string
  coverage: string
  groups: string
  note: string
  fenced: boolean
  off_reason: string
}

export function deviceDraft(device: Device | null, unknown?: { family: string; number: string }): DeviceDraft {
  const family = device?.family ?? unknown?.family ?? 'hdap'
  return {
    family,
    number: device?.number ?? unknown?.number ?? '',
    kind: device?.kind ?? FAMILIES[family] ?? 'other',
    label: device?.label ?? '',
    printed_number: device?.printed_number ?? '',
    region_code: device?.region_code ?? '',
    holder_id: device?.holder_id ?? null,
    team_id: device?.team_id ?? null,
    point: device?.lon == null || device.lat === null ? '' : `${device.lon}, ${device.lat}`,
    coverage: device?.coverage_km == null ? '' : String(device.coverage_km),
    groups: device?.talk_groups.join(', ') ?? '',
    note: device?.note ?? '',
    fenced: device?.fenced ?? false,
    off_reason: device?.off_reason ?? '',
  }
}

const SEPARATORS = /[,，、;；\s]+/

const numberOf = (text: string | undefined): number | null => (text === undefined || text.trim() === '' ? null : Number(text))

/** What is sent for each line of the form; what is no number is left to the server to refuse. */
function parts(draft: DeviceDraft) {
  const [lon, lat] = draft.point.split(SEPARATORS).filter(Boolean)
  return {
    family: draft.family as DeviceIn['family'],
    number: draft.number,
    kind: draft.kind as NonNullable<DeviceIn['kind']>,
    label: draft.label,
    printed_number: draft.printed_number,
    region_code: draft.region_code,
    holder_id: draft.holder_id,
    team_id: draft.team_id,
    lon: numberOf(lon),
    lat: numberOf(lat),
    coverage_km: numberOf(draft.coverage),
    talk_groups: draft.groups.split(SEPARATORS).filter(Boolean),
    note: draft.note,
    fenced: draft.fenced,
  }
}

/** Of a device that stands in the register, why it is out of service is told as well. */
const amendable = (draft: DeviceDraft) => ({ ...parts(draft), off_reason: draft.off_reason })

export const toDevice = (draft: DeviceDraft): DeviceIn => parts(draft)

/** Only what differs from what was on the screen. */
export function changesOf(before: DeviceDraft, draft: DeviceDraft): DevicePatch {
  const [old, now] = [amendable(before), amendable(draft)]
  const keys = (Object.keys(now) as (keyof typeof now)[]).filter((key) => JSON.stringify(now[key]) !== JSON.stringify(old[key]))
  const changed = Object.fromEntries(keys.map((key) => [key, now[key]])) as DevicePatch
  // Half a place is none.
  return keys.includes('lon') || keys.includes('lat') ? { ...changed, lon: now.lon, lat: now.lat } : changed
}
