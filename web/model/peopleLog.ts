import type { Event } from '@/api/events'
import type { LogLine } from './log'

type Noun = 'unit' | 'person' | 'office' | 'responsibility' | 'group' | 'membership'

/** What happens to units, people and the call book. */
export type PeopleEvent = Extract<Event, { type: `${Noun}.${string}` }>

const NOUN = /^(unit|person|office|responsibility|group|membership)\./

export const isPeopleEvent = (event: Event): event is PeopleEvent => NOUN.test(event.type)

const line = (zh: string, en: string): LogLine => ({ category: 'duty', zh, en, loud: false })

/** Sentences of which only the name is to be filled in. */
const SAID = {
  'unit.registered': ['新增单位 {n}', 'Unit registered: {n}'],
  'unit.amended': ['单位变更 {n}', 'Unit amended: {n}'],
  'unit.deactivated': ['单位停用 {n}', 'Unit deactivated: {n}'],
  'person.registered': ['登记人员 {n}', 'Person registered: {n}'],
  'person.amended': ['人员变更 {n}', 'Person amended: {n}'],
  'office.registered': ['新设职务 {n}', 'Office registered: {n}'],
  'office.abolished': ['撤销职务 {n}', 'Office abolished: {n}'],
  'responsibility.assigned': ['包干责任 {n}', 'Answers: {n}'],
  'responsibility.amended': ['包干责任变更 {n}', 'Answers from now on: {n}'],
  'responsibility.ended': ['取消包干责任 {n}', 'No longer answers: {n}'],
  'group.registered': ['新建名单 {n}', 'Group made: {n}'],
  'group.amended': ['名单变更 {n}', 'Group amended: {n}'],
  'group.deleted': ['删除名单 {n}', 'Group deleted: {n}'],
} as const

function said(type: keyof typeof SAID, name: string): LogLine {
  const [zh, en] = SAID[type]
  return line(zh.replace('{n}', name), en.replace('{n}', name))
}

/** An event of units, people or the call book as the log would say it. */
export function peopleLine(event: PeopleEvent): LogLine {
  switch (event.type) {
    case 'unit.registered':
    case 'unit.amended':
    case 'unit.deactivated':
      return said(event.type, event.unit.name_zh)
    case 'unit.kind_set':
      return line(`单位类别 ${event.kind.name_zh}`, `Kind of unit: ${event.kind.name_en}`)
    case 'person.registered':
    case 'person.amended':
      return said(event.type, `${event.person.name} ${event.person.title}`.trim())
    case 'person.deactivated': {
      const left = event.shifts_left
      const [zh, en] = left > 0 ? [`，留下 ${left} 个班次待补`, `, ${left} shifts left open`] : ['', '']
      return line(`人员停用 ${event.person.name}${zh}`, `Person deactivated: ${event.person.name}${en}`)
    }
    case 'person.imported':
      return line(
        `导入人员：新增 ${event.created}，变更 ${event.amended}`,
        `People imported: ${event.created} new, ${event.amended} amended`,
      )
    case 'person.succeeded':
      return line(
        `${event.person_name} 的 ${event.taken_over} 项职责移交 ${event.successor_name}`,
        `${event.successor_name} takes over ${event.taken_over} duties of ${event.person_name}`,
      )
    case 'office.filled': {
      const { title, region_path: place, person } = event.office
      return line(`${place} ${title}：${person?.name ?? '空缺'}`, `${place} ${title}: ${person?.name ?? 'vacant'}`)
    }
    case 'office.registered':
    case 'office.abolished':
      return said(event.type, `${event.office.region_path} ${event.office.title}`)
    case 'responsibility.assigned':
    case 'responsibility.amended':
    case 'responsibility.ended': {
      const { region_path: place, point, person, office_title: title } = event.responsibility
      return said(event.type, [place, point, title ?? '', person?.name ?? ''].filter(Boolean).join(' '))
    }
    case 'group.registered':
    case 'group.amended':
    case 'group.deleted':
      return said(event.type, event.group.name_zh)
    case 'membership.set':
      return line(
        `${event.team_name} 队员名单 ${event.person_ids.length} 人`,
        `${event.team_name} has ${event.person_ids.length} people`,
      )
  }
}
