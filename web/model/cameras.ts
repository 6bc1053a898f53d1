import type { Camera } from '@/api/cameras'
import type { SpotLook, SpotSector } from './spotMarks'

const AROUND_DEG = 360

/** The sign of a camera: what it is by shape, whether its picture is there by fill, a view that is unsure by a ring. */
export function cameraLook(camera: Pick<Camera, 'kind' | 'view_unsure' | 'moved_at'>, online: boolean | null): SpotLook {
  const shape = camera.kind === 'tower' ? 'diamond' : camera.kind === 'village' ? 'disc' : 'square'
  return { shape, tone: online === true ? '--well' : online === false ? '--failed' : '--unit', filled: online === true, ringed: camera.moved_at !== null }
}

/** The same on the desk's map, where red is for alarms: what is offline steps back. */
export function quietLook(camera: Pick<Camera, 'kind' | 'view_unsure' | 'moved_at'>, online: boolean | null): SpotLook {
  const look = cameraLook(camera, online)
  return online === false ? { ...look, tone: '--map-text' } : look
}

/** The part of the map a camera sees; null when its view was never measured, or where nobody knows where it looks. */
export function sectorOf(camera: Pick<Camera, 'lon' | 'lat' | 'kind' | 'bearing_deg' | 'angle_deg' | 'range_m' | 'view_unsure'>): SpotSector | null {
  if (camera.angle_deg === null || camera.range_m === null) return null
  if (camera.bearing_deg === null && camera.angle_deg < AROUND_DEG) return null
  return { lon: camera.lon, lat: camera.lat, from_deg: camera.bearing_deg ?? 0, half_deg: camera.angle_deg / 2, radius_m: camera.range_m, unsure: camera.view_unsure }
}
