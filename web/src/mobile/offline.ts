// The service worker: makes the application start without a network. Asked for after the page stands.
import { ref } from 'vue'

/** A newer version waits: it begins when the person says so, never under their hands. */
export const newVersion = ref(false)
export const isOnline = ref(navigator.onLine)

const LONGEST_MS = 600_000

let waiting: ServiceWorker | null = null
let again: number | undefined
let pause = 20_000

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
    follow(registration)
    registration.addEventListener('updatefound', () => {
      follow(registration)
    })
    // A page that was on its way when the worker began is not among those it took: its parts would come from the network
    // alone until it is opened anew.
    const { active } = await navigator.serviceWorker.ready
    if (!navigator.serviceWorker.controller) active?.postMessage('take this page')
  } catch {
    // Plain http from another machine, or storage switched off: works with a network only; the self-check says so.
  }
}

/** One file that does not come in a stairwell ends the whole installation, and the browser forgets it until the page is
 * opened anew. Before there is any, it is asked for again. */
function follow(registration: ServiceWorkerRegistration): void {
  const { installing } = registration
  installing?.addEventListener('statechange', () => {
    offer(registration)
    if (installing.state !== 'redundant' || registration.active) return
    window.clearTimeout(again)
    again = window.setTimeout(() => void installWorker(), pause)
    pause = Math.min(2 * pause, LONGEST_MS)
  })
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
