import type { Event } from '@/api/events'

/** What happens to drills and to closed loops. */
export type DrillEvent = Extract<Event, { type: `drill.${string}` | `task.${string}` }>

export const isDrill = (event: Event): event is DrillEvent => event.type.startsWith('drill.') || event.type.startsWith('task.')

const DRILL = {
  'drill.planned': ['计划', 'planned'],
  'drill.amended': ['变更', 'amended'],
  'drill.started': ['开始', 'started'],
  'drill.paused': ['暂停', 'paused'],
  'drill.resumed': ['恢复', 'taken up again'],
  'drill.finished': ['结束', 'finished'],
  'drill.cancelled': ['取消', 'called off'],
  'drill.evaluated': ['已评估', 'judged'],
} as const
const LOUD: ReadonlySet<string> = new Set(['drill.started', 'drill.paused', 'drill.finished'])

/** An event of drills and tasks as the log would say it. */
export function drillLine(event: DrillEvent): [zh: string, en: string, loud: boolean] {
  switch (event.type) {
    case 'task.overdue': {
      return [`吹哨 ${event.task.title}：${event.words} 未按时报到`, `Whistle ${event.task.title}: not on site in time: ${event.words}`, true]
    }
    case 'task.found':
    case 'task.moved': {
      const what = event.task.title
      return [`闭环任务 ${what}：${STATES[event.task.state][0]}`, `Task ${what}: ${STATES[event.task.state][1]}`, false]
    }
    case 'drill.inject_moved':
      return [`【演练】导调项“${event.title}”：${INJECTS[event.state][0]}`, `【演练】inject “${event.title}”: ${INJECTS[event.state][1]}`, false]
    default: {
      const [zh, en] = DRILL[event.type]
      const why = event.reason === '' ? '' : `（${event.reason}）`
      return [`【演练】${event.told.number} ${event.told.name}${zh}${why}`, `【演练】${event.told.number} ${event.told.name} ${en}${why}`, LOUD.has(event.type)]
    }
  }
}

const STATES = {
  found: ['发现', 'found'],
  assigned: ['交办', 'assigned'],
  fixed: ['已整改', 'fixed'],
  checked: ['已验收', 'checked'],
  closed: ['销号', 'closed'],
  dropped: ['撤销', 'dropped'],
  converted: ['转为事件', 'became an incident'],
} as const
const INJECTS = { waiting: ['待注入', 'waiting'], held: ['挂起', 'held'], fired: ['已注入', 'came'], skipped: ['跳过', 'left out'] } as const
