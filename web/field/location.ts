import { ref, shallowRef } from 'vue'
import { api } from '@/api/calls'
import { battery, charging } from './battery'
import { movedM, pauseMs } from './thrift'

const LOOK_MS = 5000
/** A fix older than this says where the phone was, not where it is. */
const MAX_AGE_MS = 60_000
const CONSENT = 'zhishou.field.share'

export const sharing = ref(false)
export const here = shallowRef<GeolocationPosition | null>(null)
export const failed = ref(false)
/** When the server last took a position, by this phone's clock. */
export const sharedAt = ref<number | null>(null)
/** The pause that holds now. */
export const pause = ref(0)
/** Whether a task is under way: the page says so. */
export const onTask = ref(false)

/** What its bearer decided: null before he was asked. */
export const consent = ref<boolean | null>(readConsent())

let watching: number | undefined
let timer: ReturnType<typeof setInterval> | undefined
let triedAt = 0
let sentFrom: { lon: number; lat: number } | null = null

function readConsent(): boolean | null {
  const kept = localStorage.getItem(CONSENT)
  return kept === null ? null : kept === 'yes'
}

export function decide(yes: boolean): void {
  consent.value = yes
  localStorage.setItem(CONSENT, yes ? 'yes' : 'no')
  share(yes)
}

async function send(fix: GeolocationPosition): Promise<void> {
  const { longitude, latitude, accuracy, speed, heading } = fix.coords
  // Latest wins: a position that could not be sent is not worth sending late.
  const taken = await api
    .sendPosition({
      lon: longitude,
      lat: latitude,
      accuracy_m: Math.round(accuracy),
      fixed_at: new Date(fix.timestamp).toISOString(),
      ...(speed === null ? {} : { speed_mps: speed }),
      ...(heading === null || Number.isNaN(heading) ? {} : { course_deg: heading }),
    })
    .then(() => true, () => false)
  if (!taken) return
  sharedAt.value = Date.now()
  sentFrom = { lon: longitude, lat: latitude }
}

function look(): void {
  const fix = here.value
  if (!sharing.value || fix === null || Date.now() - fix.timestamp > MAX_AGE_MS) return
  const at = { lon: fix.coords.longitude, lat: fix.coords.latitude }
  pause.value = pauseMs({ onTask: onTask.value, movedM: movedM(sentFrom, at), battery: battery.value, charging: charging.value })
  if (Date.now() - triedAt < pause.value) return
  triedAt = Date.now()
  void send(fix)
}

/** Begins or ends telling where the phone is; ended, the receiver is off too. */
export function share(on: boolean): void {
  sharing.value = on
  clearInterval(timer)
  if (watching !== undefined) navigator.geolocation.clearWatch(watching)
  watching = undefined
  if (!on) {
    here.value = null
    return
  }
  if (!('geolocation' in navigator)) {
    failed.value = true
    return
  }
  watching = navigator.geolocation.watchPosition(
    (fix) => {
      here.value = fix
      failed.value = false
      look()
    },
    () => (failed.value = true),
    { enableHighAccuracy: true, maximumAge: 5000 },
  )
  timer = setInterval(look, LOOK_MS)
}
