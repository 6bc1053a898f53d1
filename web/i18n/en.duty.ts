/** Words of duty: rosters, presence, swaps. */
import type { zhDuty } from './zh.duty'

export const enDuty: Record<keyof typeof zhDuty, string> = {
  'assignment.call': 'Call',
  'log.cat.duty': 'Duty',
}
