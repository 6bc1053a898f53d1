import { computed, shallowRef } from 'vue'
import { peopleApi, type Person } from '@/api/people'
import { plansApi, type Plan } from '@/api/plans'
import type { Permission } from '@/api/types'
import { en } from '@/i18n/en'
import { zh } from '@/i18n/zh'
import { lang, nameOf, t, toggleLang, type Key } from '@/i18n'
import type { Found } from '@/model/finder'
import { firstNumber } from '@/model/people'
import { isActive } from '@/model/steps'
import { toggleTheme } from '@/ui/theme'
import { acknowledgeFirst, logout, mute, openDispatch, openIncident, openIntake } from '../actions'
import { entering, printSheet } from '../dark/dark'
import { PAGES, seesPage } from '../pages'
import { router, showPerson, showPlan } from '../routes'
import { assignmentsById, following, incidentsById, logHeld, may, onlyAvailable, open, queue, screen, teamsById, townshipName } from '../store'

/** Both languages are found, whichever is shown. */
const both = (key: Key): string[] => (lang.value === 'zh' ? [zh[key], en[key]] : [en[key], zh[key]])

/** On the desk at once; from another page the desk comes first. */
const atDesk = (act: () => void) => (): void => void (router.currentRoute.value.path === '/' ? act() : void router.push('/').then(act))

const COMMANDS: readonly { key: Key; cap?: string; needs?: Permission; act: () => void }[] = [
  { key: 'key.new', cap: 'N', needs: 'command', act: atDesk(() => openIntake()) },
  { key: 'key.dispatch', cap: 'D', needs: 'command', act: atDesk(() => openDispatch()) },
  { key: 'alarm.ack', cap: 'Alt+A', needs: 'command', act: () => void acknowledgeFirst() },
  { key: 'key.mute', cap: 'M', act: mute },
  { key: 'dispatch.joint', cap: 'J', needs: 'command', act: atDesk(() => (open.value = 'joint')) },
  { key: 'dark.late', cap: 'B', needs: 'command', act: atDesk(() => (entering.value = true)) },
  { key: 'dark.print', cap: 'P', needs: 'see_desk', act: printSheet },
  { key: 'key.follow', cap: 'G', needs: 'see_desk', act: atDesk(() => (following.value = !following.value)) },
  { key: 'key.hold', cap: 'L', needs: 'see_desk', act: atDesk(() => (logHeld.value = !logHeld.value)) },
  { key: 'key.available', cap: 'V', needs: 'see_desk', act: atDesk(() => (onlyAvailable.value = !onlyAvailable.value)) },
  { key: 'key.help', cap: '?', needs: 'see_desk', act: () => (open.value = 'help') },
  { key: 'theme', act: toggleTheme },
  { key: 'language.switch', act: toggleLang },
  { key: 'own.change', act: () => (open.value = 'account') },
  { key: 'logout', act: () => void logout() },
]

const people = shallowRef<readonly Person[]>([])
const plans = shallowRef<readonly Plan[]>([])
const KEPT_MS = 60_000
const MOST_PEOPLE = 5000
const PEOPLE_AT_ONCE = 500
let readAt = 0

/** The registers, read when the palette opens and kept for a minute. */
export async function readRegisters(): Promise<void> {
  if (!may('see_desk') || Date.now() - readAt < KEPT_MS) return
  readAt = Date.now()
  plans.value = (await plansApi.all().catch(() => null))?.plans ?? plans.value
  const found: Person[] = []
  for (;;) {
    const page = await peopleApi.people({}, found.length, PEOPLE_AT_ONCE).catch(() => null)
    found.push(...(page?.people ?? []))
    if (page === null || page.people.length === 0 || found.length >= Math.min(page.total, MOST_PEOPLE)) break
  }
  people.value = found
}

const commands = (): Found[] =>
  COMMANDS.filter((c) => c.needs === undefined || may(c.needs)).map((c) => ({ id: `command:${c.key}`, kind: 'command', names: both(c.key), act: c.act, ...(c.cap === undefined ? {} : { cap: c.cap }) }))

const pages = (): Found[] =>
  PAGES.filter((p) => seesPage(p, screen.me.value?.permissions ?? [])).map((p) => ({ id: `page:${p.name}`, kind: 'page', names: both(`page.${p.name}`), hint: p.path, act: () => void router.push(p.path) }))

const incidents = (): Found[] =>
  queue.value.map(({ incident: i }) => ({ id: `incident:${i.id}`, kind: 'incident', names: [i.title, i.number], hint: i.number, act: () => openIncident(i.id) }))

/** A team on a task leads to its incident, another to its entry in the register. */
function teams(): Found[] {
  const tasks = new Map([...assignmentsById.value.values()].filter((a) => isActive(a.state)).map((a) => [a.team_id, a]))
  return [...teamsById.value.values()].map((team) => {
    const task = tasks.get(team.id)
    return {
      id: `team:${team.id}`,
      kind: 'team',
      names: [nameOf(team), team.name_zh, team.name_en, team.call_sign].filter((name) => name !== ''),
      hint: task === undefined ? townshipName(team.region_code) : `${task.incident_number} ${incidentsById.value.get(task.incident_id)?.title ?? ''}`,
      act: () => void (task === undefined ? router.push({ path: '/people/teams', query: { team: team.id } }) : openIncident(task.incident_id)),
    }
  })
}

const persons = (): Found[] =>
  people.value.map((p) => ({ id: `person:${p.id}`, kind: 'person', names: [p.name, ...p.phones.map((phone) => phone.number)], hint: [p.title, p.unit_name, firstNumber(p)].filter(Boolean).join(' · '), act: () => showPerson(p.id) }))

const planned = (): Found[] => plans.value.map((p) => ({ id: `plan:${p.id}`, kind: 'plan', names: [p.name_zh], hint: p.number, act: () => showPlan(p.id) }))

/** Everything that whoever sits here may go to or do. */
export const everything = computed((): Found[] => [...commands(), ...(may('see_desk') ? incidents() : []), ...pages(), ...(may('see_desk') ? [...teams(), ...persons(), ...planned()] : [])])
export const kindText = (kind: Found['kind']): string => t(`palette.${kind}`)
