import { ref } from 'vue'

const STEP_MS = 1000

let offset = 0

/** The server's time as this screen reckons it, ticking once a second. */
export const now = ref(Date.now())

/** How far this PC's own clock is ahead of the server's, in milliseconds. */
export const skewMs = ref(0)
/** Less than this is the way of the answer through the network. */
const NOTICED_MS = 2000

export const serverNow = (): number => Date.now() + offset

/** Timers must agree on every desk, whatever the PC's own clock says. */
export function setServerTime(at: string): void {
  offset = Date.parse(at) - Date.now()
  if (Math.abs(skewMs.value + offset) <= NOTICED_MS) return
  skewMs.value = -offset
  now.value = serverNow() // not a second later: no wrong time is ever read off
}

setInterval(() => {
  now.value = serverNow()
}, STEP_MS)
