import 'fake-indexeddb/auto'

import { beforeEach, expect, test, vi } from 'vitest'

import { locks } from '@/shared/testing/locks'
import { answer, sent } from '@/shared/testing/network'
import { now } from '@/shared/time/clock'

import { db } from '../store/db'
import { openKey } from '../store/seal'
import { drop, enqueue, enqueueAll, type NewEntry } from './queue'
import { hurry, sending, startSender, whileStill } from './sender'

const REPORT: NewEntry = { operation: 'report', label: '', method: 'POST', path: '/api/cases', body: {} }
let user = 0

beforeEach(async () => {
  user += 1
  await db.open()
  await Promise.all(db.tables.map((table) => table.clear()))
  await openKey(`${String(user)}.2`, now() + 3600_000)
  vi.stubGlobal('navigator', { locks, onLine: true })
  answer('GET /api/session', { status: 200, body: { user: { id: user }, post: { id: 2 } } })
  answer('POST /api/cases', { status: 201, body: { id: 'CASE' } })
  startSender()
})

async function settled(): Promise<void> {
  await expect.poll(() => sending.value).toBe(false)
}
const paths = () => sent.map(({ method, path }) => `${method} ${path}`)

test('whose session it is is asked once, not with each round', async () => {
  await enqueue(REPORT)
  await expect.poll(() => db.entries.where('state').equals('done').count()).toBe(1)
  await settled()
  await enqueue(REPORT)
  await expect.poll(() => db.entries.where('state').equals('done').count()).toBe(2)
  expect(paths()).toEqual(['GET /api/session', 'POST /api/cases', 'POST /api/cases'])
})

test('nothing is asked while all that waits waits for the clock', async () => {
  answer('POST /api/cases', { status: 503 })
  await enqueue(REPORT)
  await expect.poll(() => paths().length).toBe(2)
  await settled()
  startSender()
  await settled()
  expect(paths()).toEqual(['GET /api/session', 'POST /api/cases'])
})

test('what was dropped while the network returned does not come back', async () => {
  answer('POST /api/cases', { status: 503 })
  await enqueue(REPORT)
  await expect.poll(() => paths().length).toBe(2)
  await settled()
  const [row] = await db.entries.toArray()
  if (row) await Promise.all([hurry(), drop(row)])
  await settled()
  expect(await db.entries.count()).toBe(0)
})

test('what is under way ends before the session changes, and nothing begins until it has', async () => {
  let arrive: () => void = () => undefined
  const arrived = new Promise<void>((resolve) => (arrive = resolve))
  answer('POST /api/cases', async () => {
    await arrived
    return { status: 201, body: { id: 'CASE' } }
  })
  await enqueueAll(Array.from({ length: 5 }, () => ({ entry: REPORT })))
  await expect.poll(() => paths()).toHaveLength(4)
  const changed = whileStill(async () => {
    await hurry()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect([sending.value, paths().length]).toEqual([false, 4])
    return 'changed'
  })
  arrive()
  expect(await changed).toBe('changed')
  await expect
    .poll(() => paths().slice(4))
    .toEqual(['GET /api/session', 'POST /api/cases', 'POST /api/cases'])
  await settled()
})

test('without a network a long queue is not tried one by one, and all of it goes when there is one', async () => {
  answer('POST /api/cases', () => {
    throw new TypeError('Failed to fetch')
  })
  vi.stubGlobal('navigator', { locks, onLine: false })
  await enqueueAll(Array.from({ length: 20 }, () => ({ entry: REPORT })))
  await expect.poll(() => db.entries.filter(({ attempts }) => attempts > 0).count()).toBe(3)
  await settled()
  expect(await db.entries.filter(({ attempts }) => attempts > 0).count()).toBe(3)
  vi.stubGlobal('navigator', { locks, onLine: true })
  answer('POST /api/cases', { status: 201, body: { id: 'CASE' } })
  await hurry()
  await expect.poll(() => db.entries.where('state').equals('done').count()).toBe(20)
  await settled()
})

test('what is silent while the phone is said to have a network does not hold back the others', async () => {
  let turn = 0
  answer('POST /api/cases', () => {
    if ((turn += 1) === 1) throw new TypeError('Failed to fetch')
    return { status: 201, body: { id: 'CASE' } }
  })
  await enqueueAll(Array.from({ length: 6 }, () => ({ entry: REPORT })))
  await expect.poll(() => db.entries.where('state').equals('done').count()).toBe(5)
  await settled()
})
