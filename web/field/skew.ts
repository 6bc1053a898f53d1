import { ref } from 'vue'

/** From here on somebody should set the phone's clock: what he says happened keeps the server's time all the same. */
export const SKEW_SHOWN_MS = 60_000

/** How far this phone's clock is behind the server's (negative: ahead), null before the server spoke. */
export const skewMs = ref<number | null>(null)

export function noteServerTime(at: string): void {
  skewMs.value = Date.parse(at) - Date.now()
}
