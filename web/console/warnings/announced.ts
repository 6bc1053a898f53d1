import { warningsApi, type WarningStarted } from '@/api/warnings'

export type WarningTell = NonNullable<WarningStarted['tell']>

/** What those whom this reached are to be told of a warning that changed (`?tell=7`); null where nothing is behind. */
export async function announcedFor(warning: unknown, kind: WarningStarted['kind'], id: number): Promise<WarningTell | null> {
  const asked = Number(warning)
  if (!Number.isInteger(asked) || asked <= 0) return null
  const found = await warningsApi.started(asked).catch(() => [])
  return found.find((one) => one.kind === kind && one.id === id)?.tell ?? null
}

/** Whether the warning is over: what was begun for it ends. */
export const isOver = (tell: WarningTell): boolean => tell.turned === 'lifted' || tell.turned === 'expired'
