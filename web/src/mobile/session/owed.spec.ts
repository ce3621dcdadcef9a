import 'fake-indexeddb/auto'

import { beforeEach, expect, test, vi } from 'vitest'

import { answer, sent } from '@/shared/testing/network'
import { now } from '@/shared/time/clock'

import { db } from '../store/db'
import { openKey } from '../store/seal'
import { endOwedSession } from './owed'
import { signOut } from './who'

beforeEach(async () => {
  await db.open()
  await Promise.all(db.tables.map((table) => table.clear()))
  await openKey('1.2', now() + 3600_000)
  vi.spyOn(window.location, 'assign').mockImplementation(() => undefined)
  answer('DELETE /api/session', { status: 204 })
})

function whoIsIn(user: number): void {
  answer('GET /api/session', { status: 200, body: { user: { id: user }, post: { id: 2 } } })
}

async function signsOutWithoutANetwork(): Promise<void> {
  answer('GET /api/session', { status: 503 })
  await signOut()
  expect(sent.map(({ method }) => method)).not.toContain('DELETE')
}

test('a session that was left without a network is ended when there is one', async () => {
  await signsOutWithoutANetwork()
  whoIsIn(1)
  await Promise.all([endOwedSession(), endOwedSession()])
  expect(sent.filter(({ method }) => method === 'DELETE')).toHaveLength(1)
  await endOwedSession()
  expect(sent.filter(({ method }) => method === 'DELETE')).toHaveLength(1)
})

test('the session of somebody else who came meanwhile is left alone', async () => {
  await signsOutWithoutANetwork()
  whoIsIn(7)
  await endOwedSession()
  expect(sent.map(({ method }) => method)).not.toContain('DELETE')
})

test.each([408, 425, 429])('an answer for now (%i) does not make a sign-out forgotten', async (status) => {
  await signsOutWithoutANetwork()
  answer('GET /api/session', { status })
  await endOwedSession()
  whoIsIn(1)
  answer('DELETE /api/session', { status })
  await endOwedSession()
  answer('DELETE /api/session', { status: 204 })
  await endOwedSession()
  expect(sent.filter(({ method }) => method === 'DELETE')).toHaveLength(2)
  expect(await db.plain.get('owed-sign-out')).toBeUndefined()
})

test('a second tap, when nobody is here any more, does not make the sign-out forgotten', async () => {
  await signsOutWithoutANetwork()
  await signOut()
  expect(await db.plain.get('owed-sign-out')).toMatchObject({ value: '1.2' })
  whoIsIn(1)
  await endOwedSession()
  expect(sent.filter(({ method }) => method === 'DELETE')).toHaveLength(1)
})
