import { shallowRef } from 'vue'
import { maintenanceApi, type Maintenance } from '@/api/maintenance'
import type { Event } from '@/api/events'
import { lang } from '@/i18n'
import { channel } from '@/model/channelWords'
import { calmly } from './dutyDesk'

/** What is in maintenance now, as last read; only who commands is told. */
export const standing = shallowRef<readonly Maintenance[]>([])

const TOGETHER_MS = 150

export async function readMaintenance(): Promise<void> {
  standing.value = await maintenanceApi.standing().catch(() => standing.value)
}

const again = calmly(readMaintenance, TOGETHER_MS)

export function heardOfMaintenance(event: Event): void {
  if (event.type === 'maintenance.begun' || event.type === 'maintenance.ended') again()
}

/** The team, or the channel in the present language. */
export const maintained = (one: Maintenance): string => one.team_name ?? channel(one.channel)[lang.value === 'zh' ? 0 : 1]
