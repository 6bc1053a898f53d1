import { onMounted, onUnmounted } from 'vue'

const EVERY_MS = 5000

/** Tries that fail are no events: while something waits to be delivered it is looked at now and then. */
export function lookWhile(waits: () => boolean, read: () => Promise<void>): void {
  let timer = 0
  onMounted(() => (timer = window.setInterval(() => waits() && void read(), EVERY_MS)))
  onUnmounted(() => window.clearInterval(timer))
}
