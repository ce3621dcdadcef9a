import 'fake-indexeddb/auto'

import { beforeEach, expect, test, vi } from 'vitest'

import { me, type Me } from '@/shared/session/session'
import { now } from '@/shared/time/clock'
import { answer } from '@/shared/testing/network'

import { position } from '../place/position'
import { contentOf } from '../queue/queue'
import { ready } from '../queue/machine'
import { db } from '../store/db'
import { openKey } from '../store/seal'
import { EVERY_S, goOffDuty, goOnDuty, isOn, startDuty, track } from './duty'

beforeEach(async () => {
  await db.open()
  await Promise.all(db.tables.map((table) => table.clear()))
  await openKey('1.2', now() + 3600_000)
  vi.stubGlobal('navigator', { geolocation: { watchPosition: () => 1, clearWatch: () => undefined } })
})

test('positions go after the word that duty began', async () => {
  answer('GET /api/field/duty', { status: 503 })
  await startDuty()
  await goOnDuty()
  await expect.poll(() => position.value).toBeUndefined()
  position.value = { lon: 118.79, lat: 32.02, accuracy: 8, speed: null, at: now() }
  await expect.poll(() => track.value.taken).toBe(1)
  await goOffDuty()
  const rows = await db.entries.orderBy('seq').toArray()
  const operations = await Promise.all(rows.map(async (row) => (await contentOf(row)).operation))
  expect(operations).toEqual(['duty_on', 'positions', 'duty_off'])
  expect(ready(rows, now(), new Set()).map(({ id }) => id)).toEqual([rows[0]?.id])
})

test('a time without a point is said to be a gap, and is not filled', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  answer('GET /api/field/duty', { status: 503 })
  await startDuty()
  await goOnDuty()
  const woken = now()
  for (const [n, at] of [woken - 310_000, woken - 300_000, woken].entries()) {
    position.value = { lon: 118.79, lat: 32.02, accuracy: 8, speed: null, at }
    vi.advanceTimersByTime(EVERY_S * 1000)
    await expect.poll(() => track.value.taken).toBe(n + 1)
  }
  expect(track.value.gaps).toEqual([{ from: woken - 300_000, to: woken }])
  expect(track.value.pending).toHaveLength(3)
  await goOffDuty()
  vi.useRealTimers()
})

test('duty that is in the queue has begun and ended, though its copy finds no room', async () => {
  me.value = { permissions: [] } as unknown as Me
  const full = () => {
    throw new DOMException('full', 'QuotaExceededError')
  }
  const operations = async () =>
    Promise.all(
      (await db.entries.orderBy('seq').toArray()).map(async (row) => (await contentOf(row)).operation),
    )
  db.kept.hook('creating', full)
  try {
    await goOnDuty()
    expect([isOn.value, await operations()]).toEqual([true, ['duty_on']])
    position.value = { lon: 118.79, lat: 32.02, accuracy: 8, speed: null, at: now() }
    await expect.poll(() => track.value.taken).toBe(1)
    await goOffDuty()
    expect([isOn.value, await operations()]).toEqual([false, ['duty_on', 'positions', 'duty_off']])
  } finally {
    db.kept.hook('creating').unsubscribe(full)
  }
})

test('who went off duty on a full phone is off duty after the next start', async () => {
  me.value = { permissions: [] } as unknown as Me
  await goOnDuty()
  expect(await db.kept.count()).toBe(1)
  const full = () => {
    throw new DOMException('full', 'QuotaExceededError')
  }
  db.kept.hook('updating', full)
  try {
    await goOffDuty()
    expect(await db.kept.count()).toBe(0)
  } finally {
    db.kept.hook('updating').unsubscribe(full)
  }
})
