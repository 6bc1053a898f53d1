/** Words of duty: rosters, presence, swaps. */
export const zhDuty = {
  'log.cat.duty': '值班',
} as const
