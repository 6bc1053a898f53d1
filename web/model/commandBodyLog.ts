import type { Event } from '@/api/events'

export type CommandBodyEvent = Extract<Event, { type: `command_body.${string}` }>

const WORDS: Record<CommandBodyEvent['type'], [string, string]> = {
  'command_body.registered': ['登记指挥部', 'Headquarters registered'],
  'command_body.amended': ['修改指挥部', 'Headquarters amended'],
  'command_body.retired': ['撤销指挥部', 'Headquarters retired'],
}

/** What the register of headquarters says in the log. */
export function commandBodyLine(event: CommandBodyEvent): [string, string] {
  const [zh, en] = WORDS[event.type]
  return [`${zh} ${event.body.name_zh}`, `${en}: ${event.body.name_en || event.body.name_zh}`]
}
