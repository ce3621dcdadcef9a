import 'fake-indexeddb/auto'

import { beforeEach, expect, test } from 'vitest'

import { now } from '@/shared/time/clock'

import { db } from '../store/db'
import { newId } from '../store/ids'
import { openKey } from '../store/seal'
import { exportFiles } from './export'
import { enqueue, type NewEntry } from './queue'

const MB = 1024 * 1024
const REPORT: NewEntry = { operation: 'report', label: '', method: 'POST', path: '/api/cases', body: {} }

beforeEach(async () => {
  await db.open()
  await Promise.all(db.tables.map((table) => table.clear()))
  await openKey('1.2', now() + 3600_000)
})

function video(mb: number) {
  return { id: newId(), blob: new Blob([new Uint8Array(mb * MB)], { type: 'video/webm' }), name: 'a.webm' }
}

test('what is more than one file takes is shared out, each report with its own recordings', async () => {
  for (const mb of [10, 10, 10]) await enqueue(REPORT, [video(mb)])
  await enqueue({ ...REPORT, subject: 'case:1' }, [video(30)])
  await enqueue({ ...REPORT, subject: 'case:1' })
  const files = await exportFiles()
  expect(files.map((rows) => rows.length)).toEqual([4, 2, 3])
  for (const rows of files) {
    const ids = rows.map(({ id }) => id)
    expect(ids).toEqual(expect.arrayContaining(rows.flatMap(({ after }) => after)))
  }
})

test('what one case has more of than the centre takes goes into several files, in its order', async () => {
  for (const mb of [30, 15, 30]) await enqueue({ ...REPORT, subject: 'case:1' }, [video(mb)])
  const order = (await db.entries.orderBy('seq').toArray()).map(({ id }) => id)
  const files = await exportFiles()
  expect(files.map((rows) => rows.length)).toEqual([4, 2])
  expect(files.flat().map(({ id }) => id)).toEqual(order)
})

test('a few reports are one file', async () => {
  await enqueue(REPORT)
  await enqueue(REPORT, [video(1)])
  expect((await exportFiles()).map((rows) => rows.length)).toEqual([3])
})
