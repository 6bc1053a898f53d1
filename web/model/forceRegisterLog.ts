import type { Event } from '@/api/events'

export type TeamEntryEvent = Extract<Event, { type: 'team.registered' | 'team.amended' | 'team.retired' | 'team.moved_away' | `outside_team.${string}` }>
export type KeptEvent = Extract<Event, { type: `equipment.${string}` | `expert.${string}` }>
export type ExpertCalledEvent = Extract<Event, { type: 'incident.expert_called' }>

/** A team was written in the register: the desk shows it, or no longer. */
export const isTeamEntry = (event: Event): event is TeamEntryEvent => /^team\.(registered|amended|retired|moved_away)$|^outside_team\./.test(event.type)

/** Equipment and experts are read by the page that shows them. */
export const isKept = (event: Event): event is KeptEvent => event.type.startsWith('equipment.') || event.type.startsWith('expert.')
export const isExpertCalled = (event: Event): event is ExpertCalledEvent => event.type === 'incident.expert_called'

export const isForceRegister = (event: Event): event is TeamEntryEvent | KeptEvent | ExpertCalledEvent => isTeamEntry(event) || isKept(event) || isExpertCalled(event)

const SAID: Record<string, [string, string]> = {
  'team.registered': ['登记队伍', 'Team registered'],
  'team.amended': ['修改队伍', 'Team amended'],
  'team.retired': ['停用队伍', 'Team retired'],
  'team.moved_away': ['队伍调出', 'Team moved away'],
  'outside_team.announced': ['外援将到', 'Help is coming'],
  'outside_team.arrived': ['外援到达', 'Help arrived'],
  'outside_team.released': ['外援归建', 'Help released'],
  'outside_team.cancelled': ['外援取消', 'Help called off'],
  'equipment.registered': ['登记装备', 'Equipment registered'],
  'equipment.amended': ['修改装备', 'Equipment amended'],
  'equipment.retired': ['停用装备', 'Equipment retired'],
  'expert.registered': ['登记专家', 'Expert registered'],
  'expert.amended': ['修改专家', 'Expert amended'],
  'expert.retired': ['停用专家', 'Expert retired'],
}
const READY: Record<string, [string, string]> = { ready: ['完好', 'ready'], limited: ['受限使用', 'limited'], in_repair: ['在修', 'in repair'], missing: ['缺失', 'missing'] }

/** What the register of forces says in the log. */
export function forceRegisterLine(event: TeamEntryEvent | KeptEvent | ExpertCalledEvent): [string, string] {
  if (event.type === 'incident.expert_called') return [`专家会商：${event.zh}`, `Expert called: ${event.en}`]
  if (event.type === 'equipment.imported') return [`导入装备台账：新增 ${event.created}，变更 ${event.amended}`, `Equipment imported: ${event.created} new, ${event.amended} amended`]
  if (event.type === 'expert.imported') return [`导入专家名册：新增 ${event.created}，变更 ${event.amended}`, `Experts imported: ${event.created} new, ${event.amended} amended`]
  if (event.type === 'equipment.readiness_set') {
    const { name, keeper_name, readiness, reason } = event.equipment
    const [zh, en] = READY[readiness] ?? [readiness, readiness]
    const [zhBefore, enBefore] = READY[event.before ?? ''] ?? ['', '']
    return [`${keeper_name} ${name} ${zhBefore} → ${zh}${reason === '' ? '' : `：${reason}`}`, `${keeper_name} ${name}: ${enBefore} → ${en}${reason === '' ? '' : ` (${reason})`}`]
  }
  const [zh, en] = SAID[event.type] ?? ['', '']
  const name = 'outside' in event ? `${event.outside.origin} ${event.outside.name}` : isTeamEntry(event) ? event.entry.name_zh : 'expert' in event ? event.expert.name_zh : `${event.equipment.keeper_name} ${event.equipment.name}`
  return [`${zh} ${name}`, `${en}: ${name}`]
}
