import { computed, ref, shallowRef } from 'vue'
import { plansApi, type Plan, type PlanPage } from '@/api/plans'
import { meetsName } from '@/model/pinyin'
import { attempt } from '@/ui/notice'

export const KINDS = ['general', 'special', 'departmental', 'township', 'grassroots'] as const
export const TIERS = ['county', 'township', 'village', 'enterprise'] as const
export type PlanKind = (typeof KINDS)[number]
export type Filter = 'all' | 'carded' | 'expiring' | 'expired'

/** The register as last read, and what is looked for in it. */
export const page = shallowRef<PlanPage | null>(null)
export const kind = ref<PlanKind | null>(null)
export const filter = ref<Filter>('all')
export const words = ref('')

export async function readPlans(): Promise<void> {
  page.value = (await attempt(() => plansApi.all())) ?? page.value
}

const fits = (plan: Plan): boolean =>
  (kind.value === null || plan.kind === kind.value) &&
  (filter.value === 'all' || (filter.value === 'carded' ? plan.card_version !== null : plan.validity === filter.value))

/** How well a plan meets the words: by name, with the city's own name left away, by owner or number. */
function meets(plan: Plan): number | null {
  const asked = words.value.trim()
  if (asked === '') return 0
  const short = plan.name_zh.replace(/^.{2,4}市/u, '')
  const found = [meetsName(asked, plan.name_zh), meetsName(asked, short), meetsName(asked, plan.owner_name), meetsName(asked, plan.region_name), plan.number.includes(asked) ? 4 : null]
  const known = found.filter((n): n is number => n !== null)
  return known.length === 0 ? null : Math.min(...known)
}

/** The plans that are looked for, the best first, in the order of the register among equals. */
export const shown = computed<Plan[]>(() => {
  const found = (page.value?.plans ?? []).filter(fits).flatMap((plan) => {
    const rank = meets(plan)
    return rank === null ? [] : [{ plan, rank }]
  })
  return found.sort((a, b) => a.rank - b.rank).map((one) => one.plan)
})
