/** Words of duty: rosters, presence, swaps. */
import { enMine } from './en.mine'
import { enOnduty } from './en.onduty'
import { enPosts } from './en.posts'
import { enRoster } from './en.roster'
import type { zhDuty } from './zh.duty'

export const enDuty: Record<keyof typeof zhDuty, string> = {
  'assignment.call': 'Call',
  'log.cat.duty': 'Duty',

  ...enOnduty,
  ...enRoster,
  ...enMine,
  ...enPosts,
}
