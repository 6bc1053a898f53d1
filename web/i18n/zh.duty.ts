/** Words of duty: rosters, presence, swaps. */
import { zhMine } from './zh.mine'
import { zhOnduty } from './zh.onduty'
import { zhPosts } from './zh.posts'
import { zhRoster } from './zh.roster'

export const zhDuty = {
  'log.cat.duty': '值班',

  ...zhOnduty,
  ...zhRoster,
  ...zhMine,
  ...zhPosts,
} as const
