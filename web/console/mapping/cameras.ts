import { ref, shallowRef } from 'vue'
import type { CameraNear } from '@/api/cameras'
import type { LonLat } from '@/map'

/** The cameras that see the place of the incident that lies open beside the map. */
export const seeing = shallowRef<{ at: LonLat; cameras: readonly CameraNear[] } | null>(null)
/** The camera on the map somebody looks through. */
export const lookThrough = ref<number | null>(null)
