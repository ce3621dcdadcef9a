import 'fake-indexeddb/auto'

import { beforeEach, expect, test, vi } from 'vitest'

import { me, type Me } from '@/shared/session/session'
import { answer, sent } from '@/shared/testing/network'

import { db } from '../store/db'
import { allowRinging, ringHere, ringing, ringNoMore } from './ringing'
import { rungBy } from './rung'

const KEYS = { p256dh: 'P', auth: 'A' }
let subscribed: object | null = null
let reached = true

/** A browser with push: the outside, of which happy-dom has nothing. */
function browser(permission: NotificationPermission): void {
  const made = {
    toJSON: () => ({ endpoint: 'https://fcm.googleapis.com/x', keys: KEYS }),
    unsubscribe: () => Promise.resolve((subscribed = null) === null),
  }
  const pushManager = {
    getSubscription: () => Promise.resolve(subscribed),
    subscribe: () =>
      reached ? Promise.resolve((subscribed = made)) : Promise.reject(new DOMException('', 'AbortError')),
  }
  const registration = { pushManager }
  vi.stubGlobal('navigator', {
    serviceWorker: {
      ready: Promise.resolve(registration),
      getRegistration: () => Promise.resolve(registration),
    },
  })
  vi.stubGlobal('PushManager', {})
  vi.stubGlobal('Notification', { permission, requestPermission: () => Promise.resolve(permission) })
}

beforeEach(async () => {
  await db.open()
  subscribed = null
  reached = true
  me.value = { permissions: ['field.work'] } as unknown as Me
  answer('GET /api/field/push', { status: 200, body: { public_key: 'K' } })
  answer('POST /api/field/push/subscriptions', { status: 200, body: { done: true } })
})

test('whoever allows it is rung here, and no more after signing out', async () => {
  browser('granted')
  expect(await allowRinging()).toBe('fine')
  expect(sent[1]?.body).toMatchObject({ endpoint: 'https://fcm.googleapis.com/x', keys: KEYS })
  await ringNoMore()
  expect(await ringing()).toBe('unreached')
})

test('nobody is subscribed who was not asked', async () => {
  browser('default')
  await ringHere()
  expect(sent).toEqual([])
  expect(await ringing()).toBe('ask')
})

test('a push service that is not reached is said, and nothing breaks', async () => {
  browser('granted')
  reached = false
  expect(await allowRinging()).toBe('unreached')
})

test('a browser without push says so', async () => {
  expect(await ringing()).toBe('unavailable')
})

test('a push leads to what it is about, and to nowhere else', () => {
  expect(rungBy({ text: '新任务', kind: 'errand.given', id: '01-a' })?.path).toBe('/m/errands/01-a')
  expect(rungBy({ text: '新指令', kind: 'order.late', id: '7' })?.path).toBe('/m/orders/7')
  expect(rungBy({ text: 'x', kind: 'errand.given', id: '../../evil' })?.path).toBe('/m/')
  expect(rungBy({ kind: 'errand.given' })).toBeUndefined()
  expect(rungBy(null)).toBeUndefined()
})
