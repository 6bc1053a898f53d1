import type { Event } from '@/api/events'

export type CameraEvent = Extract<Event, { type: `camera.${string}` }>

/** The catalogue of cameras is read by the pages that show it. */
export const isCamera = (event: Event): event is CameraEvent => event.type.startsWith('camera.')

const WORDS: Record<CameraEvent['type'], [string, string]> = {
  'camera.registered': ['登记摄像头', 'Camera registered'],
  'camera.amended': ['修改摄像头', 'Camera amended'],
  'camera.moved': ['摄像头移位', 'Camera moved'],
  'camera.retired': ['停用摄像头', 'Camera retired'],
}

/** What the catalogue of cameras says in the log. */
export function cameraLine(event: CameraEvent): [string, string] {
  const [zh, en] = WORDS[event.type]
  return [`${zh} ${event.camera.name_zh}`, `${en}: ${event.camera.name_en || event.camera.name_zh}`]
}
