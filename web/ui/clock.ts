import { ref } from 'vue'

const STEP_MS = 1000

let offset = 0

/** The server's time as this screen reckons it, ticking once a second. */
export const now = ref(Date.now())

export const serverNow = (): number => Date.now() + offset

/** Timers must agree on every desk, whatever the PC's own clock says. */
export function setServerTime(at: string): void {
  offset = Date.parse(at) - Date.now()
}

setInterval(() => {
  now.value = serverNow()
}, STEP_MS)
