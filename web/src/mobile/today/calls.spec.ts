import 'fake-indexeddb/auto'

import { beforeEach, expect, test } from 'vitest'

import { now } from '@/shared/time/clock'

import { enqueue } from '../queue/queue'
import { db } from '../store/db'
import { openKey } from '../store/seal'
import { arrivalEntry, arrivalsIn, callsOf, isOf, type Call } from './calls'

const AT = { lon: 118.8, lat: 32.05, accuracy: 10, speed: null, at: 0 }
const CALLED = '2026-11-21T02:00:00Z'

function whistle(id: string, called: string, units: { unit_id: number; yours: boolean; arrived?: string }[]) {
  return {
    id,
    case_id: `case-${id}`,
    title: '夜市占道',
    address: '',
    reason: '请派人',
    musters: units.map(
      ({ unit_id, yours, arrived = null }: { unit_id: number; yours: boolean; arrived?: string | null }) => ({
        unit_id,
        unit: `单位${String(unit_id)}`,
        yours,
        called_at: called,
        arrived_at: arrived,
      }),
    ),
  } as unknown as Parameters<typeof callsOf>[0][number]
}

function call(more: Partial<Call> = {}): Call {
  const [made] = callsOf([whistle('w', CALLED, [{ unit_id: 7, yours: true }])])
  return { ...(made as Call), ...more }
}

beforeEach(async () => {
  await db.open()
  await Promise.all(db.tables.map((table) => table.clear()))
  await openKey('1.2', now() + 3600_000)
})

test('only my own units that have not come are called, the longest waiting first', () => {
  const later = whistle('b', '2026-11-21T03:00:00Z', [{ unit_id: 7, yours: true }])
  const first = whistle('a', CALLED, [
    { unit_id: 7, yours: true },
    { unit_id: 8, yours: false },
    { unit_id: 9, yours: true, arrived: '2026-11-21T02:05:00Z' },
  ])
  expect(callsOf([later, first]).map(({ id }) => id)).toEqual(['a.7', 'b.7'])
})

test('an arrival carries its unit, its place and when they were there', async () => {
  const entry = arrivalEntry(call(), AT, '报到')
  expect(entry).toMatchObject({ path: '/api/cases/case-w/arrive', subject: 'case:case-w' })
  expect(entry.body).toMatchObject({ lon: 118.8, lat: 32.05, unit_id: 7 })
  const { happened_at: there } = entry.body as { happened_at: string }
  expect(Math.abs(Date.parse(there) - now())).toBeLessThan(60_000)
})

test('what was told here is known of its call alone', async () => {
  await enqueue(arrivalEntry(call(), AT, '报到'))
  await enqueue({ ...arrivalEntry(call(), AT, ''), path: '/api/cases/case-w/note' })
  const told = await arrivalsIn(await db.entries.toArray())
  expect(told).toHaveLength(1)
  const [one] = told
  if (!one) throw new Error('nothing told')
  expect(isOf(one, call())).toBe(true)
  expect(isOf(one, call({ unitId: 8 })), 'another unit').toBe(false)
  expect(isOf(one, call({ calledAt: new Date(now() + 60_000).toISOString() })), 'called again').toBe(false)
})
