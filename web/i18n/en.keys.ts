/** Words of the keys, for the help overlay. */
import type { zhKeys } from './zh.keys'

export const enKeys: Record<keyof typeof zhKeys, string> = {
  'key.ack': 'Acknowledge',
  'key.open': 'Open / confirm',
  'key.dispatch': 'Dispatch',
  'key.new': 'New incident',
  'key.mute': 'Mute 30 s',
  'key.follow': 'Map follow',
  'key.hold': 'Hold log',
  'key.available': 'Available only',
  'key.help': 'All keys',
  'key.move': 'Move in the left column',
  'key.tick': 'Tick teams while dispatching',
  'key.escape': 'Close',
}
