import 'fake-indexeddb/auto'

import { beforeEach, expect, test } from 'vitest'

import { me, type Me } from '@/shared/session/session'
import { answer, sent } from '@/shared/testing/network'

import { db } from '../store/db'
import { handIn } from './hand-in'

const SENT = 'POST /api/field/handed-in/sent'

beforeEach(async () => {
  await db.open()
  await db.envelopes.clear()
  await db.envelopes.bulkPut(['a', 'b'].map((id) => ({ id, at: 0, who: '1.2', envelope: { id } })))
  me.value = { permissions: ['field.work'] } as unknown as Me
})

test('what an earlier sign-in left sealed goes to the centre and leaves the phone', async () => {
  answer(SENT, { status: 201, body: { id: 'x', left: 0 } })
  await Promise.all([handIn(), handIn()])
  expect(sent).toHaveLength(2)
  expect(await db.envelopes.count()).toBe(0)
})

test('without a network everything stays, and is not tried one by one', async () => {
  answer(SENT, { status: 503 })
  await handIn()
  expect(sent).toHaveLength(1)
  expect(await db.envelopes.count()).toBe(2)
})

test('what the centre cannot open stays for a desk, and does not hold back the others', async () => {
  let turn = 0
  answer(SENT, () => ({ status: (turn += 1) === 1 ? 422 : 201, body: {} }))
  await handIn()
  expect((await db.envelopes.toArray()).map(({ id, refused }) => [id, refused])).toEqual([['a', 1]])
  await handIn()
  expect(sent).toHaveLength(2)
})
