/// <reference lib="webworker" />
// Keeps the shell of the field page, so that it opens without the network. Data is never cached here.
const worker = self as unknown as ServiceWorkerGlobalScope
const SHELL = ['__SHELL__']
const CACHE = `field ${SHELL.join(' ')}`

worker.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SHELL)).then(() => worker.skipWaiting()))
})

worker.addEventListener('activate', (event) => {
  const old = (names: string[]) => Promise.all(names.filter((n) => n !== CACHE).map((n) => caches.delete(n)))
  event.waitUntil(caches.keys().then(old).then(() => worker.clients.claim()))
})

worker.addEventListener('fetch', (event) => {
  const { pathname } = new URL(event.request.url)
  const page = event.request.mode === 'navigate'
  if (event.request.method !== 'GET' || !(page || pathname.startsWith('/assets/'))) return
  const kept = async () => (await caches.match(page ? '/m/' : event.request)) ?? Response.error()
  // A page is asked for anew and falls back; an asset carries its hash and never changes.
  event.respondWith(
    page ? fetch(event.request).catch(kept) : caches.match(event.request).then((hit) => hit ?? fetch(event.request)),
  )
})
