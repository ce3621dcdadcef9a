import 'fake-indexeddb/auto'

import { beforeEach, expect, test, vi } from 'vitest'

import { checkSession, me, type Me, type SignInAnswer } from '@/shared/session/session'
import { answer } from '@/shared/testing/network'
import { learnServerTime, now } from '@/shared/time/clock'

import { unexplained } from '../clock-check'
import { get } from '../net'
import { db } from '../store/db'
import { keep, kept } from '../store/kept'
import { openKey } from '../store/seal'
import { entered, resume, waitsForTime, watchKey, watchSession } from './who'

const DAY = 86_400_000
const PERSON = { user: { id: 1, name: '王建国' }, post: { id: 2 }, permissions: [] } as unknown as Me

beforeEach(async () => {
  await db.open()
  await Promise.all(db.tables.map((table) => table.clear()))
  await openKey('1.2', now() + 3600_000)
  await keep('me', PERSON)
  me.value = PERSON
  vi.spyOn(window.location, 'assign').mockImplementation(() => undefined)
  watchSession()
})

const REVOKED = { status: 401, body: { code: 'session.revoked', message: '' } }

test('a page that reads is told that the session was ended from elsewhere, and the phone is emptied', async () => {
  answer('GET /api/field/pack', REVOKED)
  await expect(get('/api/field/pack')).rejects.toThrow()
  await expect.poll(() => vi.mocked(window.location.assign).mock.calls).toEqual([['/m/sign-in']])
  expect([await db.keys.count(), await db.kept.count()]).toEqual([0, 0])
})

test('a feed that was refused makes the phone ask, and it is emptied', async () => {
  answer('GET /api/session', REVOKED)
  await checkSession()
  await expect.poll(() => db.keys.count()).toBe(0)
})

test('a session that only ran out keeps what is on the phone', async () => {
  answer('GET /api/session', { status: 401, body: { code: 'session.expired', message: '' } })
  await checkSession()
  expect(await db.keys.count()).toBe(1)
})

test('whoever signs in begins in a document without the person before', async () => {
  const goTo = vi.spyOn(window.location, 'replace').mockImplementation(() => undefined)
  const other = {
    ...PERSON,
    user: { id: 7 },
    ends_at: new Date(now() + 3600_000).toISOString(),
  } as unknown as Me
  await entered({ status: 'signed_in', me: other } as SignInAnswer, '/tasks')
  expect(goTo.mock.calls).toEqual([['/m/tasks']])
  expect(me.value?.user.id).not.toBe(7)
  expect((await kept<Me>('me'))?.value.user.id).toBe(7)
})

test('a clock that went ahead unseen shows nothing and ends nothing until the house has said what time it is', async () => {
  const begun = now()
  const looks = () => window.dispatchEvent(new Event('online'))
  const time = (at: number) => ({ status: 200, body: {}, headers: { Date: new Date(at).toUTCString() } })
  watchKey()

  // When the phone says it is tomorrow, and there is no network
  learnServerTime(new Date(begun + DAY).toUTCString())
  unexplained.value = DAY
  answer('GET /api/config', () => Promise.reject(new Error('no network')))
  looks()
  await expect.poll(() => waitsForTime.value).toBe(true)
  expect([await db.keys.count(), me.value?.user.name]).toEqual([1, '王建国'])

  // Then it goes on once the house says it is today
  answer('GET /api/config', time(begun))
  looks()
  await expect.poll(() => waitsForTime.value).toBe(false)
  expect([await db.keys.count(), me.value?.user.name]).toEqual([1, '王建国'])

  // and is over when it is
  answer('GET /api/config', time(begun + DAY))
  learnServerTime(new Date(begun + DAY).toUTCString())
  unexplained.value = DAY
  looks()
  await expect.poll(() => db.keys.count()).toBe(0)
  learnServerTime(new Date(begun).toUTCString())
})

test('a start on a slow line does not end a key before the house has said what time it is', async () => {
  const begun = now()
  const looks = () => window.dispatchEvent(new Event('online'))
  const anew = vi.spyOn(window.location, 'reload').mockImplementation(() => undefined)
  me.value = undefined
  watchKey()

  // Given a clock that says the session is over, and a house that does not answer yet
  answer('GET /api/config', () => Promise.reject(new Error('no answer')))
  learnServerTime(new Date(begun + DAY).toUTCString())
  await resume()
  expect([waitsForTime.value, me.value, await db.keys.count()]).toEqual([true, undefined, 1])

  // When it answers that it is today, the page begins anew and takes up who was here
  answer('GET /api/config', { status: 200, body: {}, headers: { Date: new Date(begun).toUTCString() } })
  looks()
  await expect.poll(() => anew.mock.calls.length).toBe(1)
  expect([waitsForTime.value, await db.keys.count()]).toEqual([false, 1])
  await resume()
  expect((me.value as Me | undefined)?.user.name).toBe('王建国')
})

test('a start without a network ends a key whose time is over by a clock that nothing speaks against', async () => {
  const begun = now()
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
  answer('GET /api/config', () => Promise.reject(new Error('no network')))
  learnServerTime(new Date(begun + DAY).toUTCString())
  await resume()
  expect([waitsForTime.value, me.value, await db.keys.count()]).toEqual([false, undefined, 0])
  learnServerTime(new Date(begun).toUTCString())
})
