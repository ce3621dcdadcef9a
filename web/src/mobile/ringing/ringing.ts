// Rung while the page is closed, where the browser has a push service that is reached (RFC 8030); most phones here have
// none, and their open page listens. A subscription belongs to the sign-in it was made in.
import { api, call } from '@/shared/api/client'
import { ApiError } from '@/shared/api/errors'
import { me } from '@/shared/session/session'

import { deviceId } from '../queue/envelope'

/**
 * - `unavailable`: this browser has no push
 * - `ask`: the person was not asked yet; only a tap of theirs may ask
 * - `unreached`: allowed, but the browser's push service does not answer
 */
export type Ringing = 'unavailable' | 'denied' | 'ask' | 'unreached' | 'fine'

export async function ringing(): Promise<Ringing> {
  const permission = available() ? Notification.permission : undefined
  if (permission === undefined) return 'unavailable'
  if (permission === 'denied') return 'denied'
  if (permission === 'default') return 'ask'
  return (await subscription()) ? 'fine' : 'unreached'
}

/** After a tap: asks the person, then the browser. */
export async function allowRinging(): Promise<Ringing> {
  if (available() && (await Notification.requestPermission()) === 'granted') await ringHere()
  return ringing()
}

/** With each start: the session may be a new one, and where nobody allowed it nothing happens. */
export async function ringHere(): Promise<void> {
  if (!available() || Notification.permission !== 'granted' || !me.value?.permissions.includes('field.work'))
    return
  try {
    const { public_key: key } = await call(api.GET('/api/field/push'))
    const made = await subscribe(key)
    const { endpoint, keys } = made?.toJSON() ?? {}
    if (!endpoint || !keys?.['p256dh'] || !keys['auth']) return
    await call(
      api.POST('/api/field/push/subscriptions', {
        body: {
          endpoint,
          keys: { p256dh: keys['p256dh'], auth: keys['auth'] },
          device: await deviceId(),
        },
      }),
    )
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
  }
}

/** Whoever signed out is not rung here; the house forgets the address with the session, and the browser here. */
export async function ringNoMore(): Promise<void> {
  if (available()) await (await subscription())?.unsubscribe().catch(() => false)
}

function available(): boolean {
  return 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window
}

async function subscription(): Promise<PushSubscription | null | undefined> {
  const registration = await navigator.serviceWorker.getRegistration('/m/')
  return registration?.pushManager.getSubscription().catch(() => null)
}

/** Undefined where the push service is not reached. A key that changed makes the old subscription useless. */
async function subscribe(key: string): Promise<PushSubscription | undefined> {
  const { pushManager } = await navigator.serviceWorker.ready
  const ask = () => pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'InvalidStateError') return undefined
    await (await pushManager.getSubscription())?.unsubscribe()
    return ask().catch(() => undefined)
  }
}
