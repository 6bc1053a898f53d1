import { ref, shallowRef } from 'vue'
import { api } from '@/api/calls'

const EVERY_MS = 15_000
/** A fix older than this says where the phone was, not where it is. */
const MAX_AGE_MS = 60_000

export const sharing = ref(false)
export const here = shallowRef<GeolocationPosition | null>(null)
export const failed = ref(false)

let watching: number | undefined
let timer: ReturnType<typeof setInterval> | undefined

async function send(): Promise<void> {
  const fix = here.value
  if (!sharing.value || fix === null || Date.now() - fix.timestamp > MAX_AGE_MS) return
  const { longitude, latitude, accuracy, speed, heading } = fix.coords
  // Latest wins: a position that could not be sent is not worth sending late.
  await api
    .sendPosition({
      lon: longitude,
      lat: latitude,
      accuracy_m: Math.round(accuracy),
      fixed_at: new Date(fix.timestamp).toISOString(),
      ...(speed === null ? {} : { speed_mps: speed }),
      ...(heading === null || Number.isNaN(heading) ? {} : { course_deg: heading }),
    })
    .catch(() => undefined)
}

export function share(on: boolean): void {
  sharing.value = on
  clearInterval(timer)
  if (watching !== undefined) navigator.geolocation.clearWatch(watching)
  watching = undefined
  if (!on) return
  if (!('geolocation' in navigator)) {
    failed.value = true
    return
  }
  watching = navigator.geolocation.watchPosition(
    (fix) => {
      const first = here.value === null
      here.value = fix
      failed.value = false
      if (first) void send()
    },
    () => (failed.value = true),
    { enableHighAccuracy: true, maximumAge: 5000 },
  )
  timer = setInterval(() => void send(), EVERY_MS)
}
