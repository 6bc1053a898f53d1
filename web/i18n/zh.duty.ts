/** Words of duty: rosters, presence, swaps. */
export const zhDuty = {
  'assignment.call': '请电话联系',
  'log.cat.duty': '值班',
} as const
