// The service worker: makes the application start without a network. Asked for after the page stands.
import { ref } from 'vue'

/** A newer version waits: it begins when the person says so, never under their hands. */
export const newVersion = ref(false)
export const isOnline = ref(navigator.onLine)

let waiting: ServiceWorker | null = null

export function watchOnline(): void {
  const look = () => {
    isOnline.value = navigator.onLine
  }
  window.addEventListener('online', look)
  window.addEventListener('offline', look)
}

export async function installWorker(): Promise<void> {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return
  try {
    const registration = await navigator.serviceWorker.register('/m/sw.js', { scope: '/m/' })
    offer(registration)
    registration.addEventListener('updatefound', () => {
      registration.installing?.addEventListener('statechange', () => {
        offer(registration)
      })
    })
  } catch {
    // Plain http from another machine, or storage switched off: works with a network only; the self-check says so.
  }
}

/** A notice was tapped while the page is open. `open` goes to an address of this application without its `/m`. */
export function watchTaps(open: (path: string) => void): void {
  if (!('serviceWorker' in navigator)) return
  navigator.serviceWorker.addEventListener(
    'message',
    ({ data }: MessageEvent<{ show?: unknown } | undefined>) => {
      const path = data?.show
      if (typeof path === 'string' && path.startsWith('/m/')) open(path.slice('/m'.length))
    },
  )
}

export function takeNewVersion(): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    window.location.reload()
  })
  waiting?.postMessage('take over')
}

function offer({ waiting: next }: ServiceWorkerRegistration): void {
  if (!next || !navigator.serviceWorker.controller) return
  waiting = next
  newVersion.value = true
}
