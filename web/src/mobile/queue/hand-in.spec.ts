import 'fake-indexeddb/auto'

import { beforeEach, expect, test } from 'vitest'

import { me, type Me } from '@/shared/session/session'
import { answer, sent } from '@/shared/testing/network'

import { db } from '../store/db'
import type { Envelope } from './envelope'
import { handIn, watchEnvelopes } from './hand-in'

const SENT = 'POST /api/field/handed-in/sent'
const silence = () => {
  throw new TypeError('Failed to fetch')
}

/** Sealed for nobody: what is in it is not looked at here. */
function envelopeNamed(id: string): Envelope {
  return { v: 1, key_id: id, epk: {}, iv: '', data: new ArrayBuffer(1), made_at: '', device: '' }
}

let round = 0
let ids: [string, string] = ['', '']

beforeEach(async () => {
  round += 1
  ids = [`${String(round)}a`, `${String(round)}b`]
  await db.open()
  await db.envelopes.clear()
  await db.envelopes.bulkPut(ids.map((id) => ({ id, at: 0, who: '1.2', envelope: envelopeNamed(id) })))
  me.value = { permissions: ['field.work'] } as unknown as Me
})

test('what an earlier sign-in left sealed goes to the centre and leaves the phone', async () => {
  answer(SENT, { status: 201, body: { id: 'x', left: 0 } })
  await Promise.all([handIn(), handIn()])
  expect(sent).toHaveLength(2)
  expect(await db.envelopes.count()).toBe(0)
})

test('without a network everything stays, and is not tried one by one', async () => {
  answer(SENT, silence)
  await handIn()
  expect(sent).toHaveLength(1)
  expect(await db.envelopes.count()).toBe(2)
})

test('an envelope whose answer is lost each time does not hold back the others', async () => {
  answer(SENT, silence)
  await handIn()
  answer(SENT, { status: 201, body: {} })
  await handIn()
  expect((await db.envelopes.toArray()).map(({ id }) => id)).toEqual([ids[0]])
})

test('one that the centre fails at does not hold back the others, and is not sent whole each time', async () => {
  let turn = 0
  answer(SENT, () => ({ status: (turn += 1) === 1 ? 500 : 201, body: {} }))
  await handIn()
  expect((await db.envelopes.toArray()).map(({ id, refused }) => [id, refused])).toEqual([
    [ids[0], undefined],
  ])
  await handIn()
  expect(sent).toHaveLength(2)
})

test('when the network returns all are tried at once', async () => {
  answer(SENT, { status: 503 })
  watchEnvelopes()
  await handIn()
  answer(SENT, { status: 201, body: {} })
  window.dispatchEvent(new Event('online'))
  await expect.poll(() => db.envelopes.count()).toBe(0)
})

test.each([401, 403])(
  'while nobody may hand in here (%i) nothing is tried further, and nothing refused',
  async (status) => {
    answer(SENT, { status, body: { code: 'session.expired' } })
    await handIn()
    expect(sent).toHaveLength(1)
    answer(SENT, { status: 201, body: {} })
    await handIn()
    expect(await db.envelopes.count()).toBe(0)
  },
)

test('what the centre cannot open stays for a desk, and does not hold back the others', async () => {
  let turn = 0
  answer(SENT, () => ({ status: (turn += 1) === 1 ? 422 : 201, body: {} }))
  await handIn()
  expect((await db.envelopes.toArray()).map(({ id, refused }) => [id, refused])).toEqual([[ids[0], 1]])
  await handIn()
  expect(sent).toHaveLength(2)
})

test.each([400, 404, 405])(
  'what something between says (%i) while the house is renewed refuses no envelope',
  async (status) => {
    answer(SENT, { status, body: '<html>not here</html>' })
    watchEnvelopes()
    await handIn()
    expect(sent, 'the others are tried as well').toHaveLength(2)
    expect((await db.envelopes.toArray()).map(({ refused }) => refused)).toEqual([undefined, undefined])
    answer(SENT, { status: 201, body: {} })
    window.dispatchEvent(new Event('online'))
    await expect.poll(() => db.envelopes.count()).toBe(0)
  },
)

test('what an earlier version left sealed as text is handed in as it is', async () => {
  await db.envelopes.clear()
  await db.envelopes.put({
    id: `${ids[0]}-old`,
    at: 0,
    who: '1.2',
    envelope: { ...envelopeNamed('k'), data: 'c2VhbGVk' },
  })
  answer(SENT, { status: 201, body: {} })
  await handIn()
  expect(await db.envelopes.count()).toBe(0)
})
