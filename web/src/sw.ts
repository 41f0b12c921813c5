// The service worker: shows what web push brings while no page of ours is looked at, and leads there. It keeps no page and no file.
export {}
declare const self: ServiceWorkerGlobalScope

interface Told { title: string; body: string; url: string; tag: string; lang: string }

const ours = () => self.clients.matchAll({ type: 'window', includeUncontrolled: true })

self.addEventListener('install', () => void self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('push', (event) => {
  const told = event.data?.json() as Told | undefined
  if (told) event.waitUntil(show(told))
})

async function show({ title, body, url, tag, lang }: Told) {
  // Who looks at Comptoir sees its bell.
  if ((await ours()).some((page) => page.focused)) return
  await self.registration.showNotification(title, { body, tag, lang, data: { url } })
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(open((event.notification.data as { url: string }).url))
})

async function open(url: string) {
  const [page] = await ours()
  if (!page) return void (await self.clients.openWindow(url))
  await page.focus()
  page.postMessage({ go: url })
}
