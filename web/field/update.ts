import { ref, shallowRef } from 'vue'

/** Whether the page opens without the network; a plain-http page has no service worker. */
export const ready = ref<'yes' | 'loading' | 'no'>('serviceWorker' in navigator ? 'loading' : 'no')
/** A newer page that waits until its bearer says yes: nothing is taken away from under a finger. */
export const fresh = shallowRef<ServiceWorker | null>(null)

const LOOK_MS = 30 * 60_000
let asked = false

function follow(found: ServiceWorkerRegistration): void {
  const look = (): void => {
    if (found.waiting !== null && found.active !== null) fresh.value = found.waiting
  }
  look()
  found.addEventListener('updatefound', () => found.installing?.addEventListener('statechange', look))
  setInterval(() => void found.update().catch(() => undefined), LOOK_MS)
}

export async function keepOffline(): Promise<void> {
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined
  if (workers === undefined) return
  workers.addEventListener('controllerchange', () => asked && location.reload())
  const found = await workers.register('/m/sw.js', { scope: '/m/' }).catch(() => null)
  if (found === null) {
    ready.value = 'no'
    return
  }
  follow(found)
  await workers.ready
  ready.value = 'yes'
}

export function takeUpdate(): void {
  asked = true
  fresh.value?.postMessage('take over')
}
