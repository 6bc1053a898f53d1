import { ref, shallowRef } from 'vue'
import { api } from '@/api/calls'
import type { Event } from '@/api/events'
import type { Device } from '@/api/types'
import { withDeviceEvent } from '@/model/devices'
import { linksOf, type Link } from '@/model/links'

/** The devices of the scope, as last read and as events have changed them since. */
export const devices = shallowRef<readonly Device[]>([])
/** Whether the devices were read at all: none is not the same as not yet. */
export const devicesKnown = ref(false)
/** The links to the world of devices; empty until first read. */
export const links = shallowRef<readonly Link[]>([])
/** Names of talk groups by number: the county's plan, which changes with a restart at most. */
export const talkGroups = shallowRef<ReadonlyMap<string, string>>(new Map())
/** A group as people say it: its name and number, or the number alone. */
export const groupName = (number: string): string => {
  const name = talkGroups.value.get(number)
  return name === undefined ? number : `${name} ${number}`
}
/** Counts what the tests have said, so that whoever shows tests knows when to look again. */
export const testsTold = ref(0)

/** The same of roll calls. */
export const rollCallsTold = ref(0)

const EVERY_MS = 30_000
let timer: ReturnType<typeof setInterval> | undefined

/** Events heard while a list is on its way: it may have been read before they happened. */
let meanwhile: Event[] | null = null
let latest = 0

/** What a device is heard by is no event: it is read again now and then. */
export async function readDevices(): Promise<void> {
  const mine = ++latest
  meanwhile = []
  const [all, health] = await Promise.all([api.devices().catch(() => null), api.health().catch(() => null)])
  if (mine !== latest) return // a later reading knows better
  if (all !== null) {
    devices.value = (meanwhile ?? []).reduce(withDeviceEvent, all)
    devicesKnown.value = true
  }
  meanwhile = null
  if (health !== null) links.value = linksOf(health.parts)
}

async function readTalkGroups(): Promise<void> {
  const named = await api.talkGroups().catch(() => null)
  if (named !== null) talkGroups.value = new Map(named.map((g) => [g.number, g.name]))
}

export async function followDevices(): Promise<void> {
  void readTalkGroups()
  clearInterval(timer)
  timer = setInterval(() => void readDevices(), EVERY_MS)
  await readDevices()
}

export const leaveDevices = (): void => clearInterval(timer)

/** A device just written here stands in the list at once, before its event comes. */
export function putDevice(device: Device): void {
  const others = devices.value.filter((d) => d.id !== device.id)
  devices.value = others.length === devices.value.length ? [...others, device] : devices.value.map((d) => (d.id === device.id ? device : d))
}

export function heardOfDevices(event: Event): void {
  meanwhile?.push(event)
  devices.value = withDeviceEvent(devices.value, event)
  switch (event.type) {
    case 'device.tested':
      testsTold.value += 1
      break
    case 'roll_call.opened':
    case 'roll_call.answered':
    case 'roll_call.closed':
      rollCallsTold.value += 1
      break
    case 'device.imported':
      void readDevices()
  }
}
