import 'fake-indexeddb/auto'

import { beforeEach, expect, test } from 'vitest'
import { effectScope } from 'vue'

import { now } from '@/shared/time/clock'

import type { FormOut } from '../field'
import { enqueue, watchQueue } from '../queue/queue'
import { db } from '../store/db'
import { keep } from '../store/kept'
import { openKey } from '../store/seal'
import { copies, toCorrect, useMadeIn } from './records'
import { entryOf } from './sheets'

const FORM = { code: 'collect_home', version: 1 } as unknown as FormOut
const fieldOf = (name: string) => ({ use: 'use', room: 'room' })[name]

beforeEach(async () => {
  await db.open()
  await Promise.all(db.tables.map((table) => table.clear()))
  await openKey('1.2', now() + 3600_000)
})

function said(
  answers: Record<string, unknown>,
  id = 'R1',
  version: number | null = 3,
  place: { lon?: number; lat?: number } = {},
) {
  return enqueue(
    entryOf({ form: FORM, label: '房屋', about: { id, version }, answers, subject: 'R1', place }),
  )
}

function file(id: string, title: string, values: Record<string, unknown> = {}) {
  return { id, kind: 'dwelling', title, version: 3, values }
}

test('a second correction begins with the first, whether that has been sent or not', async () => {
  await keep('registry:R1', file('R1', '1-502', { use: '01', room: '502' }), now() - 1000)
  const first = await said({ use: '02' })
  await said({ use: '03' }, 'P1', null) // of somebody who lives there: another record
  expect((await toCorrect('R1', fieldOf))?.values).toEqual({ use: '02', room: '502' })
  await db.entries.update(first, { state: 'done', doneAt: now() })
  expect((await toCorrect('R1', fieldOf))?.values).toEqual({ use: '02', room: '502' })
})

test('a copy that is newer than what was sent is not written over by it', async () => {
  const first = await said({ use: '02' })
  await db.entries.update(first, { state: 'done', doneAt: now() - 1000 })
  await keep('registry:R1', file('R1', '1-502', { use: '05' }))
  expect((await toCorrect('R1', fieldOf))?.values).toEqual({ use: '05' })
})

test('a place put right here stands until a newer copy says where it is', async () => {
  const copy = { ...file('R1', '井盖'), lon: 118.79, lat: 32.02 }
  await keep('registry:R1', copy, now() - 1000)
  expect((await toCorrect('R1', fieldOf))?.stood).toEqual({ lon: 118.79, lat: 32.02 })
  await said({}, 'R1', 3, { lon: 118.8, lat: 32.03 })
  await said({ use: '02' })
  expect((await toCorrect('R1', fieldOf))?.stood).toEqual({ lon: 118.8, lat: 32.03 })
})

test('what was never opened here cannot be corrected here', async () => {
  expect(await toCorrect('R1', fieldOf)).toBeUndefined()
})

test('without a network what was opened is found by its words, the newest first', async () => {
  await keep('registry:R1', file('R1', '金陵花园3幢1-502'), now() - 2000)
  await keep('registry:R2', file('R2', '平江府路12号', { address: '平江府路12号' }), now() - 1000)
  await keep('today', {})
  expect((await copies()).map(({ id }) => id)).toEqual(['R2', 'R1'])
  expect((await copies('花园')).map(({ id }) => id)).toEqual(['R1'])
})

test('a household that was made here stands in its dwelling at once, until a newer copy knows it', async () => {
  const scope = effectScope()
  const stop = watchQueue()
  const household = await enqueue(
    entryOf({
      form: FORM,
      label: '家庭户 · 1-502',
      about: { id: 'H1', version: null, dwelling_id: 'R1' },
      answers: {},
      subject: 'H1',
    }),
  )
  await said({ use: '02' }, 'P1', null) // who lives there has the turn of the dwelling, and is among what it says
  await enqueue(
    entryOf({
      form: FORM,
      label: '',
      about: { id: 'H2', version: null, dwelling_id: 'R2' },
      answers: {},
      subject: 'H2',
    }),
  )
  const at = now()
  const made = scope.run(() =>
    useMadeIn(
      () => 'R1',
      () => at,
    ),
  )
  const shown = () => made?.value.map(({ body }) => body?.registry.id)
  await expect.poll(shown).toEqual(['H1'])
  await db.entries.update(household, { state: 'done', doneAt: at + 1 })
  await expect.poll(() => made?.value.map(({ entry }) => entry.state)).toEqual(['done'])
  await db.entries.update(household, { doneAt: at - 1 })
  await expect.poll(shown).toEqual([])
  scope.stop()
  stop()
})
