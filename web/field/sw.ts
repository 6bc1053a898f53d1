/// <reference lib="webworker" />
// Keeps the shell of the field page, so that it opens without the network. Data is never cached here.
const worker = self as unknown as ServiceWorkerGlobalScope
const SHELL = ['__SHELL__']
const CACHE = `field ${SHELL.join(' ')}`
/** A page that the network does not bring by then is opened from the phone. */
const PATIENCE_MS = 4000

worker.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SHELL)))
})

// A newer shell waits until the page says so: no page loses its scripts in mid-task.
worker.addEventListener('message', (event) => {
  if (event.data === 'take over') void worker.skipWaiting()
})

worker.addEventListener('activate', (event) => {
  const old = (names: string[]) => Promise.all(names.filter((n) => n !== CACHE).map((n) => caches.delete(n)))
  event.waitUntil(caches.keys().then(old).then(() => worker.clients.claim()))
})

async function page(request: Request): Promise<Response> {
  const kept = async () => (await caches.match('/m/')) ?? Response.error()
  const slow = new Promise<Response>((done) => setTimeout(() => void kept().then(done), PATIENCE_MS))
  return Promise.race([fetch(request).catch(kept), slow])
}

worker.addEventListener('fetch', (event) => {
  const { pathname } = new URL(event.request.url)
  if (event.request.method !== 'GET') return
  if (event.request.mode === 'navigate') event.respondWith(page(event.request))
  // An asset carries its hash and never changes.
  else if (pathname.startsWith('/assets/') || SHELL.includes(pathname))
    event.respondWith(caches.match(event.request).then((hit) => hit ?? fetch(event.request)))
})
