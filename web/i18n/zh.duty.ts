/** Words of duty: rosters, presence, swaps. */
import { zhMine } from './zh.mine'
import { zhOnduty } from './zh.onduty'
import { zhPosts } from './zh.posts'
import { zhRoster } from './zh.roster'

export const zhDuty = {
  'assignment.call': '请电话联系',
  'log.cat.duty': '值班',

  ...zhOnduty,
  ...zhRoster,
  ...zhMine,
  ...zhPosts,
} as const
