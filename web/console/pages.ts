import type { Permission } from '@/api/types'

/** The console's pages in the order of its header. A new page is one line here and its word `page.<name>`. */
export const PAGES = [
  { name: 'desk', path: '/', group: null },
  { name: 'duty', path: '/duty', group: 'duty' },
  { name: 'handover', path: '/handover', group: 'duty' },
  { name: 'log', path: '/log', group: 'duty' },
  { name: 'map', path: '/map', group: 'duty' },
  { name: 'wall', path: '/wall', group: 'duty' },
  { name: 'incidents', path: '/incidents', group: 'incidents' },
  { name: 'warnings', path: '/warnings', group: 'incidents' },
  { name: 'inbox', path: '/inbox', group: 'incidents' },
  { name: 'exchange', path: '/exchange', group: 'incidents' },
  { name: 'response', path: '/response', group: 'incidents' },
  { name: 'plans', path: '/plans', group: 'incidents' },
  { name: 'orders', path: '/orders', group: 'incidents' },
  { name: 'drills', path: '/drills', group: 'incidents' },
  { name: 'documents', path: '/documents', group: 'incidents' },
  { name: 'broadcast', path: '/broadcast', group: 'incidents' },
  { name: 'callouts', path: '/call-and-respond', group: 'incidents' },
  { name: 'statusCalls', path: '/status-calls', group: 'incidents' },
  { name: 'meetings', path: '/meetings', group: 'incidents' },
  { name: 'reportingRules', path: '/reporting-rules', group: 'incidents' },
  { name: 'forces', path: '/forces', group: 'forces' },
  { name: 'people', path: '/people', group: 'forces' },
  { name: 'readiness', path: '/readiness', group: 'forces' },
  { name: 'supplies', path: '/supplies', group: 'forces' },
  { name: 'shelters', path: '/shelters', group: 'forces' },
  { name: 'devices', path: '/devices', group: 'links' },
  { name: 'drones', path: '/drones', group: 'links' },
  { name: 'cameras', path: '/cameras', group: 'links' },
  { name: 'broadcastPlatforms', path: '/broadcast-platforms', group: 'links' },
  { name: 'dark', path: '/dark', group: 'links' },
  { name: 'admin', path: '/admin', group: 'links' },
  { name: 'statistics', path: '/statistics', group: 'figures' },
  { name: 'replay', path: '/replay', group: 'figures' },
  { name: 'archive', path: '/archive', group: 'figures' },
  { name: 'reactions', path: '/reactions', group: 'figures' },
  { name: 'reportingStatistics', path: '/reporting-statistics', group: 'figures' },
  { name: 'spotChecks', path: '/spot-checks', group: 'figures' },
  { name: 'tasks', path: '/tasks', group: 'figures' },
] as const

export type PageName = (typeof PAGES)[number]['name']
export type PageGroup = Exclude<(typeof PAGES)[number]['group'], null>
type Page = (typeof PAGES)[number]

/** The groups in the order in which the pages name them. */
export const GROUPS: readonly PageGroup[] = [...new Set(PAGES.flatMap((p) => p.group ?? []))]

export const pagesOf = (group: PageGroup): Page[] => PAGES.filter((p) => p.group === group)

/** The page a path belongs to. An incident lies over the desk: what is no other page is the desk. */
export const pageAt = (path: string): Page => PAGES.find((p) => p.path !== '/' && (path === p.path || path.startsWith(`${p.path}/`))) ?? PAGES[0]

/** Whether these rights open a page: the desk's to whoever sees the desk, the register to who keeps the devices. */
export const seesPage = (page: Page, permissions: readonly Permission[]): boolean =>
  page.name === 'admin'
    ? permissions.includes('make_tokens')
    : permissions.includes('see_desk') || ((page.name === 'devices' || page.name === 'cameras') && permissions.includes('manage_devices'))
