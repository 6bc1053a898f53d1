import { computed } from 'vue'
import { may, screen } from '../store'

/** Whether this is a desk of the centre: it runs the checks, townships see their own. */
const wide = computed(() => {
  const who = screen.me.value
  return who !== null && who !== undefined && who.stream.startsWith(who.scope)
})
export const atCentre = computed(() => wide.value && may('command'))
export const maySign = computed(() => wide.value && may('approve_duty'))

/** Whether a post is this account's own: a township's in the township, the county's at the centre. */
export function ownDesk(region: string): boolean {
  const who = screen.me.value
  if (!who || !may('command') || !region.startsWith(who.scope)) return false
  return /^0*$/.test(region.slice(who.stream.length)) === wide.value
}
