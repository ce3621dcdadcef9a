import 'fake-indexeddb/auto'

import { beforeEach, expect, test } from 'vitest'

import { me, type Me } from '@/shared/session/session'
import { answer, sent } from '@/shared/testing/network'

import { db } from '../store/db'
import type { Envelope } from './envelope'
import { handIn, watchEnvelopes } from './hand-in'
import { PART_BYTES } from './uploads'

const PATH = '/api/field/handed-in/sent'
const TAKEN = { status: 200, body: { done: true } }
const silence = () => {
  throw new TypeError('Failed to fetch')
}

/** What the centre says to each of them. */
function answerAll(reply: Parameters<typeof answer>[1]): void {
  for (const id of ids) answer(`PUT ${PATH}/${id}`, reply)
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
  answerAll(TAKEN)
  await Promise.all([handIn(), handIn()])
  expect(sent).toHaveLength(2)
  expect(await db.envelopes.count()).toBe(0)
})

test('without a network everything stays, and is not tried one by one', async () => {
  answerAll(silence)
  await handIn()
  expect(sent).toHaveLength(1)
  expect(await db.envelopes.count()).toBe(2)
})

test('an envelope whose answer is lost each time does not hold back the others', async () => {
  answerAll(silence)
  await handIn()
  answerAll(TAKEN)
  await handIn()
  expect((await db.envelopes.toArray()).map(({ id }) => id)).toEqual([ids[0]])
})

test('one that the centre fails at does not hold back the others, and is not sent whole each time', async () => {
  let turn = 0
  answerAll(() => ((turn += 1) === 1 ? { status: 500 } : TAKEN))
  await handIn()
  expect((await db.envelopes.toArray()).map(({ id, refused }) => [id, refused])).toEqual([
    [ids[0], undefined],
  ])
  await handIn()
  expect(sent).toHaveLength(2)
})

test('when the network returns all are tried at once', async () => {
  answerAll({ status: 503 })
  watchEnvelopes()
  await handIn()
  answerAll(TAKEN)
  window.dispatchEvent(new Event('online'))
  await expect.poll(() => db.envelopes.count()).toBe(0)
})

test.each([401, 403])(
  'while nobody may hand in here (%i) nothing is tried further, and nothing refused',
  async (status) => {
    answerAll({ status, body: { code: 'session.expired' } })
    await handIn()
    expect(sent).toHaveLength(1)
    answerAll(TAKEN)
    await handIn()
    expect(await db.envelopes.count()).toBe(0)
  },
)

test('what the centre cannot open stays for a desk, and does not hold back the others', async () => {
  let turn = 0
  answerAll(() => ((turn += 1) === 1 ? { status: 422 } : TAKEN))
  await handIn()
  expect((await db.envelopes.toArray()).map(({ id, refused }) => [id, refused])).toEqual([[ids[0], 1]])
  await handIn()
  expect(sent).toHaveLength(2)
})

test.each([400, 404, 405])(
  'what something between says (%i) while the house is renewed refuses no envelope',
  async (status) => {
    answerAll({ status, body: '<html>not here</html>' })
    watchEnvelopes()
    await handIn()
    expect(sent, 'the others are tried as well').toHaveLength(2)
    expect((await db.envelopes.toArray()).map(({ refused }) => refused)).toEqual([undefined, undefined])
    answerAll(TAKEN)
    window.dispatchEvent(new Event('online'))
    await expect.poll(() => db.envelopes.count()).toBe(0)
  },
)

test('of one case the later waits for the earlier, and others for neither', async () => {
  const [first, second] = ids
  await db.envelopes.update(first, { names: ['case:1'], refused: 1 })
  await db.envelopes.update(second, { names: ['case:1', 'case:2'] })
  await db.envelopes.put({
    id: `${second}c`,
    at: 0,
    who: '1.2',
    names: ['case:3'],
    envelope: envelopeNamed('c'),
  })
  answer(`PUT ${PATH}/${second}c`, TAKEN)
  answerAll(TAKEN)
  await handIn()
  expect((await db.envelopes.toArray()).map(({ id }) => id)).toEqual([first, second])
  await db.envelopes.delete(first)
  await handIn()
  expect(await db.envelopes.count()).toBe(0)
})

test('what an earlier version left sealed as text is handed in as it is', async () => {
  await db.envelopes.clear()
  await db.envelopes.put({
    id: ids[0],
    at: 0,
    who: '1.2',
    envelope: { ...envelopeNamed('k'), data: 'c2VhbGVk' },
  })
  answerAll(TAKEN)
  await handIn()
  expect(await db.envelopes.count()).toBe(0)
})

test('one with photos goes in parts, and after a broken line only in those that are missing', async () => {
  const [id] = ids
  await db.envelopes.clear()
  const data = new ArrayBuffer(2 * PART_BYTES)
  await db.envelopes.put({ id, at: 0, who: '1.2', envelope: { ...envelopeNamed('k'), data } })
  answer(`GET ${PATH}/${id}`, { status: 404 })
  answer(`PUT ${PATH}/${id}`, ({ query }) => (query['part'] === '2' ? silence() : { status: 200, body: {} }))
  await handIn()
  expect(partsSent()).toEqual(['1/3', '2/3'])
  expect(await db.envelopes.count()).toBe(1)
  sent.length = 0
  answer(`GET ${PATH}/${id}`, { status: 200, body: { done: false, received: [1] } })
  answer(`PUT ${PATH}/${id}`, ({ query }) => ({ status: 200, body: { done: query['part'] === '3' } }))
  window.dispatchEvent(new Event('online'))
  await expect.poll(() => db.envelopes.count()).toBe(0)
  expect(partsSent()).toEqual(['2/3', '3/3'])
})

test('one that is there already, its last answer lost, is not sent again', async () => {
  const [id] = ids
  await db.envelopes.clear()
  const data = new ArrayBuffer(PART_BYTES)
  await db.envelopes.put({ id, at: 0, who: '1.2', envelope: { ...envelopeNamed('k'), data } })
  answer(`GET ${PATH}/${id}`, { status: 200, body: { done: true, received: [] } })
  await handIn()
  expect(partsSent()).toEqual([])
  expect(await db.envelopes.count()).toBe(0)
})

function partsSent(): string[] {
  return sent
    .filter(({ method }) => method === 'PUT')
    .map(({ query }) => `${query['part'] ?? ''}/${query['parts'] ?? ''}`)
}
