import 'fake-indexeddb/auto'

import { beforeEach, expect, test, vi } from 'vitest'

import { answer, sent } from '@/shared/testing/network'
import { now } from '@/shared/time/clock'

import { db } from '../store/db'
import { openKey } from '../store/seal'
import { drop, enqueue, type NewEntry } from './queue'
import { hurry, sending, startSender } from './sender'

const REPORT: NewEntry = { operation: 'report', label: '', method: 'POST', path: '/api/cases', body: {} }
let user = 0

beforeEach(async () => {
  user += 1
  await db.open()
  await Promise.all(db.tables.map((table) => table.clear()))
  await openKey(`${String(user)}.2`, now() + 3600_000)
  const request = (_name: string, _how: unknown, then: (lock: object) => Promise<void>) => then({})
  vi.stubGlobal('navigator', { locks: { request }, onLine: true })
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
