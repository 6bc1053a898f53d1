import type { Event } from '@/api/events'

/** What happens to the register of broadcast platforms. */
export type BroadcastWireEvent = Extract<Event, { platform: unknown }>

export const isBroadcastWire = (event: Event): event is BroadcastWireEvent => event.type.startsWith('broadcast_peer.')

const WORDS: Record<BroadcastWireEvent['type'], [string, string]> = {
  'broadcast_peer.registered': ['登记应急广播平台', 'Broadcast platform registered'],
  'broadcast_peer.amended': ['修改应急广播平台', 'Broadcast platform amended'],
  'broadcast_peer.retired': ['停用应急广播平台', 'Broadcast platform retired'],
}

/** An event of the register of platforms as the log would say it. */
export function broadcastWireLine(event: BroadcastWireEvent): readonly [zh: string, en: string, loud: boolean] {
  const [zh, en] = WORDS[event.type]
  return [`${zh} ${event.platform.name}`, `${en}: ${event.platform.name}`, false]
}
