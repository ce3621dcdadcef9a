import 'fake-indexeddb/auto'

import { beforeEach, expect, test, vi } from 'vitest'
import { effectScope, ref } from 'vue'

import { now } from '@/shared/time/clock'

import { enqueue, entries } from '../queue/queue'
import { db } from '../store/db'
import { openKey } from '../store/seal'
import { movesAfter, unsentSheets, usePending } from './errands'

const SUBJECT = 'errand:1'
const SET_OUT = {
  operation: 'errand_move',
  label: '',
  method: 'POST',
  path: '/api/field/errands/1/moves',
  subject: SUBJECT,
  body: { move: 'set_out' },
} as const

beforeEach(async () => {
  await db.open()
  await Promise.all(db.tables.map((table) => table.clear()))
  await openKey('1.2', now() + 3600_000)
})

test('a step that was sent stays done until the copy is a later one', async () => {
  const copyAt = ref(now())
  const pending = effectScope().run(() =>
    usePending(
      () => SUBJECT,
      () => copyAt.value,
    ),
  )
  if (!pending) throw new Error('no scope')
  const left = () => movesAfter(['set_out', 'arrive', 'finish'], pending.value)
  await enqueue(SET_OUT)
  entries.value = await db.entries.toArray()
  await vi.waitFor(() => {
    expect(left()).toEqual(['arrive', 'finish'])
  })

  const doneAt = copyAt.value + 500
  entries.value = entries.value.map((row) => ({ ...row, state: 'done', doneAt }))
  await vi.waitFor(() => {
    expect(pending.value.map(({ state }) => state)).toEqual(['done'])
  })
  expect(left()).toEqual(['arrive', 'finish'])

  copyAt.value = doneAt + 1
  await vi.waitFor(() => {
    expect(pending.value).toEqual([])
  })
})

test('a task is finished after its own sheets that are still to be sent', async () => {
  const sheet = { operation: 'record', label: '', method: 'POST', path: '/api/field/records' } as const
  await enqueue(SET_OUT)
  await enqueue({ ...sheet, id: 'sent', body: { errand_id: '1' } })
  await db.entries.update('sent', { state: 'done' })
  await enqueue({ ...sheet, id: 'mine', subject: 'registry:R1', body: { errand_id: '1' } })
  await enqueue({ ...sheet, id: 'other', body: { errand_id: '2' } })
  await enqueue({ ...sheet, id: 'visit', body: { subject_id: '1' } })
  expect(await unsentSheets('1')).toEqual(['mine'])
})
