import type { Event } from '@/api/events'

/** What happens to flights of drones and to their pictures. */
export type DroneEvent = Extract<Event, { type: `drone_mission.${string}` | `drone_live.${string}` }>

export const isDrone = (event: Event): event is DroneEvent => event.type.startsWith('drone_')

const FLIGHT = {
  'drone_mission.planned': ['无人机任务', 'Drone flight planned'],
  'drone_mission.launched': ['无人机起飞', 'Drone launched'],
  'drone_mission.landed': ['无人机降落', 'Drone landed'],
} as const
const VERBS = { live_start_push: ['开启直播', 'start the picture'], live_stop_push: ['停止直播', 'stop the picture'] } as const

/** An event of drones as the log would say it. */
export function droneLine(event: DroneEvent): [zh: string, en: string] {
  if (event.type === 'drone_live.ended') {
    const [zh, en] = VERBS[event.live.verb]
    return [`${event.live.device_label} ${zh}：${event.live.said_zh}`, `${event.live.device_label} ${en}: ${event.live.said_en}`]
  }
  const [zh, en] = FLIGHT[event.type]
  const { number, device_label: drone, purpose } = event.mission
  return [`${zh} ${number} ${drone}：${purpose}`, `${en}: ${number} ${drone}, ${purpose}`]
}
