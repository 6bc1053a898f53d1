import { computed } from 'vue'
import { may, screen } from '../store'

/** Whether this account reads the whole county; a township sees its own posts only. */
export const countywide = computed(() => {
  const who = screen.me.value
  return who !== null && who !== undefined && who.stream.startsWith(who.scope)
})
/** Whether this is a desk of the centre: it runs the checks. */
export const atCentre = computed(() => countywide.value && may('command'))
export const maySign = computed(() => countywide.value && may('approve_duty'))

/** Whether a post is this account's own: a township's in the township, the county's at the centre. */
export function ownDesk(region: string): boolean {
  const who = screen.me.value
  if (!who || !may('command') || !region.startsWith(who.scope)) return false
  return /^0*$/.test(region.slice(who.stream.length)) === countywide.value
}
