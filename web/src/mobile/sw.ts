// The service worker of /m/: the application's own files and its page, so that it starts without a network. Nothing of the
// API is ever kept here: what people are and did lies sealed in IndexedDB (store/).
/// <reference lib="webworker" />
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'
import { CacheFirst } from 'workbox-strategies'

import { rungBy } from './ringing/rung'

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string; revision: string | null }[] }

precacheAndRoute(self.__WB_MANIFEST)
cleanupOutdatedCaches()
registerRoute(new NavigationRoute(createHandlerBoundToURL('/m/'), { allowlist: [/^\/m\//] }))
// The map is fetched when first needed, and then kept: its names say their content.
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname.startsWith('/assets/'),
  new CacheFirst({ cacheName: 'wangge.phone.on-demand' }),
)

self.addEventListener('message', (event) => {
  if (event.data === 'take over') void self.skipWaiting()
  if (event.data === 'take this page') event.waitUntil(self.clients.claim())
})
self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim())
})

self.addEventListener('push', (event) => {
  const rung = rungBy(read(event.data))
  if (!rung) return
  const { text, tag, path } = rung
  event.waitUntil(self.registration.showNotification(text, { tag, icon: ICON, data: path }))
})
self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(show(String(event.notification.data)))
})

const ICON = '/m/icon-192.png'

function read(data: PushMessageData | null): unknown {
  try {
    return data?.json()
  } catch {
    return undefined
  }
}

/** In the page that is open, or in a new one. */
async function show(path: string): Promise<void> {
  const pages = await self.clients.matchAll({ type: 'window' })
  const open = pages.find(({ url }) => new URL(url).pathname.startsWith('/m/'))
  if (!open) {
    await self.clients.openWindow(path)
    return
  }
  await open.focus()
  open.postMessage({ show: path })
}
