import 'fake-indexeddb/auto'

import { beforeEach, expect, test } from 'vitest'

import { now } from '@/shared/time/clock'

import { reportEntry, settleEntry } from '../report/entry'
import { db, type EntryRow } from '../store/db'
import { openBytes, openKey, sealJson } from '../store/seal'
import { ready } from './machine'
import { contentOf, correct, drop, enqueue, forgetReceipts, pathOf } from './queue'

const HOUR = 3600_000
const DAY = 24 * HOUR
const PLACE = { lon: 118.79, lat: 32.02, address: '' }

beforeEach(async () => {
  await db.open()
  await Promise.all(db.tables.map((table) => table.clear()))
  await openKey('1.2', now() + HOUR)
})

async function settledOnTheSpot(): Promise<{ report: EntryRow; settle: EntryRow }> {
  const report = reportEntry({ words: '楼道堆物', urgent: false, place: PLACE }, undefined, [], undefined)
  await enqueue(report)
  const id = await enqueue(settleEntry(report.id, report.label, '已清走', []))
  return { report: await row(report.id), settle: await row(id) }
}

async function row(id: string): Promise<EntryRow> {
  const found = await db.entries.get(id)
  if (!found) throw new Error(`no entry ${id}`)
  return found
}

async function answered(id: string, doneAt: number): Promise<void> {
  await db.entries.update(id, { state: 'done', doneAt, answer: await sealJson({ id: 'CASE' }) })
}

test('settling finds its case although the report was corrected in between', async () => {
  const { report, settle } = await settledOnTheSpot()
  await correct(report, await contentOf(report))
  const [again] = await db.entries.orderBy('seq').toArray()
  await answered(again?.id ?? '', now())
  const waiting = await row(settle.id)
  expect(await pathOf(waiting, await contentOf(waiting), openBytes)).toBe('/api/cases/CASE/settle')
})

test('a receipt stays for as long as something waits for what it says', async () => {
  const { report, settle } = await settledOnTheSpot()
  await answered(report.id, now() - 2 * DAY)
  await forgetReceipts()
  expect(await pathOf(settle, await contentOf(settle), openBytes)).toBe('/api/cases/CASE/settle')
  await answered(settle.id, now() - 2 * DAY)
  await forgetReceipts()
  expect(await db.entries.count()).toBe(0)
})

test('without the answer nothing is sent anywhere', async () => {
  const { settle } = await settledOnTheSpot()
  expect(await pathOf(settle, await contentOf(settle), openBytes)).toBeUndefined()
})

test('a report that is dropped takes its photos and its settling along', async () => {
  const other = await enqueue({
    operation: 'duty_on',
    label: '',
    method: 'POST',
    path: '/api/field/duty',
    body: {},
  })
  const photo = { id: '01900000-0000-7000-8000-000000000001', blob: new Blob(['x']), name: 'a.jpg' }
  const report = reportEntry({ words: '楼道堆物', urgent: false, place: PLACE }, undefined, [], undefined)
  await enqueue(report, [photo])
  await enqueue(settleEntry(report.id, report.label, '已清走', []), [
    { ...photo, id: '01900000-0000-7000-8000-000000000002' },
  ])
  await drop(await row(report.id))
  expect((await db.entries.toArray()).map(({ id }) => id)).toEqual([other])
  expect(await db.files.count()).toBe(0)
})

test('photos taken while it is put right go before it, and those of before stay', async () => {
  const photo = { blob: new Blob(['x']), name: 'a.jpg' }
  const [old, fresh] = ['01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000002']
  const report = reportEntry({ words: '楼道堆物', urgent: false, place: PLACE }, undefined, [], undefined)
  await enqueue(report, [{ ...photo, id: old }])
  await answered(old, now())
  await db.entries.update(report.id, { state: 'stopped', status: 422 })
  const refused = await row(report.id)
  await correct(refused, await contentOf(refused), [{ ...photo, id: fresh }])
  const rows = await db.entries.toArray()
  const [again] = rows.filter(({ part }) => !part)
  expect(again).toMatchObject({ after: [old, fresh], seq: refused.seq, state: 'waiting' })
  expect(ready(rows, now(), new Set()).map(({ id }) => id)).toEqual([fresh])
  await answered(fresh, now())
  const sent = ready(await db.entries.toArray(), now(), new Set())
  expect(sent.map(({ id }) => id)).toEqual([again?.id])
  expect(await db.files.count()).toBe(2)
})
