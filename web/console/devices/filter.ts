import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { MARKS, NO_FILTER, type DeviceFilter, type DeviceMark } from '@/model/devices'

const one = (value: unknown): string => (typeof value === 'string' ? value : '')
const markOf = (value: string): DeviceMark | '' => (MARKS as readonly string[]).includes(value) ? (value as DeviceMark) : ''

/** The filter lies in the address: it survives a reload, and a cell of the test table can link to it. */
export function useFilter() {
  const route = useRoute()
  const router = useRouter()
  const filter = computed<DeviceFilter>(() => ({
    kind: one(route.query.kind),
    region: one(route.query.region),
    mark: markOf(one(route.query.mark)),
    text: one(route.query.q),
  }))

  function set(change: Partial<DeviceFilter>): void {
    const { text, ...rest } = { ...filter.value, ...change }
    const query = Object.fromEntries(Object.entries({ ...rest, q: text }).filter(([, value]) => value !== ''))
    void router.replace({ path: route.path, query })
  }

  return { filter, set, clear: () => set(NO_FILTER) }
}
