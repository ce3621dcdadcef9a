import 'fake-indexeddb/auto'

import { fireEvent } from '@testing-library/vue'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { me, type Me, type SignInAnswer } from '@/shared/session/session'
import { answer, sent } from '@/shared/testing/network'
import { show } from '@/shared/testing/render'
import { now } from '@/shared/time/clock'

import StateBanners from '../frame/StateBanners.vue'
import zh from '../messages.zh'
import { get } from '../net'
import { keepHouseKey } from '../queue/envelope'
import { enqueue } from '../queue/queue'
import { db } from '../store/db'
import { keep } from '../store/kept'
import { openKey } from '../store/seal'
import SignInPage from './SignInPage.vue'
import { entered, resume, signOut, watchKey, watchSession } from './who'

const HOUR = 3600_000
const REPORT = { operation: 'report', label: '', method: 'POST', path: '/api/cases', body: {} } as const

beforeEach(async () => {
  await db.open()
  await Promise.all(db.tables.map((table) => table.clear()))
  const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
  await keepHouseKey({ id: 'k1', jwk: await crypto.subtle.exportKey('jwk', pair.publicKey) })
  await worksHere()
  vi.spyOn(window.location, 'assign')
    .mockReset()
    .mockImplementation(() => undefined)
  vi.spyOn(window.location, 'replace')
    .mockReset()
    .mockImplementation(() => undefined)
  answer('GET /api/session', { status: 401, body: { code: 'session.expired' } })
  answer('GET /api/config', { status: 200, body: {}, headers: { Date: new Date(now()).toUTCString() } })
})
afterEach(() => {
  db.envelopes.hook('creating').unsubscribe(full)
  db.plain.hook('creating').unsubscribe(full)
  db.keys.hook('reading').unsubscribe(unread)
  vi.useRealTimers()
})

function unread(): never {
  throw new DOMException('fault', 'UnknownError')
}

function full(): void {
  throw new DOMException('full', 'QuotaExceededError')
}

/** Somebody with one report that is not sent. */
async function worksHere(): Promise<void> {
  await openKey('1.2', now() + HOUR)
  me.value = person(1, 2)
  await keep('me', me.value)
  await enqueue(REPORT)
}

function person(user: number, post: number): Me {
  const ends_at = new Date(now() + HOUR).toISOString()
  return { user: { id: user }, post: { id: post }, permissions: [], ends_at } as unknown as Me
}

async function comesIn(user: number, post: number): Promise<void> {
  await entered({ status: 'signed_in', me: person(user, post) } as SignInAnswer)
}

async function keyRunsOut(): Promise<void> {
  await openKey('1.2', now() - 1)
}

async function startsAnew(): Promise<void> {
  me.value = undefined
  await resume()
}

const left = async () => [await db.keys.count(), await db.entries.count(), await db.envelopes.count()]
const KEPT = [1, 1, 0]
const SEALED = [0, 0, 1]

test('a full phone starts after the end of its key, says so, and goes on when there is room', async () => {
  await keyRunsOut()
  db.envelopes.hook('creating', full)
  await startsAnew()
  const page = await show(SignInPage, { messages: zh })
  expect(page.getByRole('status').textContent).toContain('存储空间不足')
  expect(page.getByRole('status').textContent).toContain('还有 1 条未上传')
  expect(await left()).toEqual(KEPT)
  db.envelopes.hook('creating').unsubscribe(full)
  await fireEvent.click(page.getByRole('button', { name: '再试一次' }))
  await expect.poll(() => page.getByRole('status').textContent).toContain('1 条尚未上传，已加密封存')
  expect(await left()).toEqual(SEALED)
})

test('whoever comes back to a phone that was full finds what was not sent', async () => {
  await keyRunsOut()
  db.envelopes.hook('creating', full)
  await startsAnew()
  await comesIn(1, 2)
  expect(vi.mocked(window.location.replace).mock.calls).toEqual([['/m/']])
  await startsAnew()
  expect(me.value).toMatchObject({ user: { id: 1 } })
  expect(await left()).toEqual(KEPT)
})

test('a store that cannot be read for a moment costs nothing, and the next start goes on', async () => {
  db.keys.hook('reading', unread)
  await startsAnew()
  db.keys.hook('reading').unsubscribe(unread)
  expect(me.value).toBeUndefined()
  expect(await left()).toEqual(KEPT)
  const page = await show(SignInPage, { messages: zh })
  await fireEvent.click(page.getByRole('button', { name: '再试一次' }))
  expect(vi.mocked(window.location.assign).mock.calls).toEqual([['/m/']])
  await startsAnew()
  expect(me.value).toMatchObject({ user: { id: 1 } })
  expect(await left()).toEqual(KEPT)
})

test('nobody else is let in while the store does not say whose key is there', async () => {
  db.keys.hook('reading', unread)
  await comesIn(7, 2)
  db.keys.hook('reading').unsubscribe(unread)
  expect(vi.mocked(window.location.replace).mock.calls).toEqual([])
  expect((await db.keys.get('main'))?.who).toBe('1.2')
  expect(await left()).toEqual(KEPT)
})

test('after an unread start another person who signs in seals what is here first', async () => {
  db.keys.hook('reading', unread)
  await startsAnew()
  db.keys.hook('reading').unsubscribe(unread)
  await comesIn(7, 2)
  expect(await left()).toEqual([1, 0, 1])
})

test('signing out of a full phone leaves the page, and the next start ends it', async () => {
  db.envelopes.hook('creating', full)
  await signOut()
  expect(vi.mocked(window.location.assign).mock.calls).toEqual([['/m/sign-in']])
  expect(await left()).toEqual(KEPT)
  db.envelopes.hook('creating').unsubscribe(full)
  await startsAnew()
  expect(me.value).toBeUndefined()
  expect(await left()).toEqual(SEALED)
})

test('signing out of a phone without room for the smallest row ends the session', async () => {
  answer('GET /api/session', { status: 200, body: { user: { id: 1 }, post: { id: 2 } } })
  answer('DELETE /api/session', { status: 204 })
  db.plain.hook('creating', full)
  await signOut()
  expect(sent.map(({ method }) => method)).toContain('DELETE')
})

test('a full phone whose session was ended from elsewhere shows nobody and keeps what is not sent', async () => {
  watchSession()
  db.envelopes.hook('creating', full)
  answer('GET /api/field/pack', { status: 401, body: { code: 'session.revoked', message: '' } })
  await expect(get('/api/field/pack')).rejects.toThrow()
  await expect.poll(() => vi.mocked(window.location.assign).mock.calls).toEqual([['/m/sign-in']])
  expect(me.value).toBeUndefined()
  await startsAnew()
  const page = await show(SignInPage, { messages: zh })
  expect(page.getByRole('status').textContent).toContain('存储空间不足')
  expect(await left()).toEqual(KEPT)
})

test.each([
  [1, 3],
  [7, 2],
])('nobody else is let in while a full phone keeps what is not sent (%i.%i)', async (user, post) => {
  answer('GET /api/session', { status: 200, body: { user: { id: user }, post: { id: post } } })
  answer('DELETE /api/session', { status: 204 })
  db.envelopes.hook('creating', full)
  await comesIn(user, post)
  expect(vi.mocked(window.location.assign).mock.calls).toEqual([['/m/sign-in']])
  expect(vi.mocked(window.location.replace).mock.calls).toEqual([])
  expect(sent.map(({ method }) => method)).toContain('DELETE')
  expect((await db.keys.get('main'))?.who).toBe('1.2')
  expect(await left()).toEqual(KEPT)
})

test('what was sealed when the key ran out on an open page is said on the sign-in page', async () => {
  vi.useFakeTimers({ toFake: ['setInterval'] })
  watchKey()
  await keyRunsOut()
  vi.advanceTimersByTime(30_000)
  await expect.poll(() => vi.mocked(window.location.assign).mock.calls).toEqual([['/m/sign-in']])
  // The sign-in page is a new document: nothing of this one is in its memory.
  vi.resetModules()
  await (await import('./who')).resume()
  const page = await show((await import('./SignInPage.vue')).default, { messages: zh })
  expect(page.getByRole('status').textContent).toMatch(/登录期限已到.*1 条尚未上传，已加密封存/)
})

test.each([
  [7, 2, '上一位使用者'],
  [1, 3, '原岗位'],
])('what another left sealed here is said on the first page (%i.%i)', async (user, post, whose) => {
  await comesIn(user, post)
  await startsAnew()
  const page = await show(StateBanners, { messages: zh })
  expect(page.getByRole('status').textContent).toMatch(new RegExp(`${whose}.*1 条尚未上传，已加密封存`))
  await fireEvent.click(page.getByRole('button', { name: '知道了' }))
  expect(page.queryByRole('status')).toBeNull()
})
