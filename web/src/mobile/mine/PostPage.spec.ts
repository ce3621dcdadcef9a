import 'fake-indexeddb/auto'

import { fireEvent } from '@testing-library/vue'
import { beforeEach, expect, test, vi } from 'vitest'

import { me, type Me } from '@/shared/session/session'
import { locks } from '@/shared/testing/locks'
import { answer, sent } from '@/shared/testing/network'
import { show } from '@/shared/testing/render'
import { now } from '@/shared/time/clock'

import zh from '../messages.zh'
import { keepHouseKey } from '../queue/envelope'
import { enqueue } from '../queue/queue'
import { hurry, sending, startSender } from '../queue/sender'
import { db } from '../store/db'
import { keyOf, openKey } from '../store/seal'
import PostPage from './PostPage.vue'

const POSTS = [2, 3].map((id) => ({ id, title: `岗位${String(id)}`, unit_name: '' }))
const REPORT = { operation: 'report', label: '', method: 'POST', path: '/api/cases', body: {} } as const

beforeEach(async () => {
  vi.stubGlobal('navigator', { ...navigator, locks, userAgent: '', onLine: true })
  vi.spyOn(window.location, 'replace')
    .mockReset()
    .mockImplementation(() => undefined)
  await db.open()
  await Promise.all(db.tables.map((table) => table.clear()))
  const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
  await keepHouseKey({ id: 'k1', jwk: await crypto.subtle.exportKey('jwk', pair.publicKey) })
  await openKey('1.2', now() + 3600_000)
  me.value = person(2)
})

function person(post: number): Me {
  const ends_at = new Date(now() + 3600_000).toISOString()
  return { user: { id: 1 }, post: { id: post }, posts: POSTS, permissions: [], ends_at } as unknown as Me
}

const paths = () => sent.map(({ method, path }) => `${method} ${path}`)

test('while the post changes, nothing of the former post is sent in the name of the new one', async () => {
  answer('GET /api/session', { status: 200, body: person(2) })
  answer('POST /api/cases', { status: 503 })
  startSender()
  await enqueue(REPORT)
  await expect.poll(paths).toEqual(['GET /api/session', 'POST /api/cases'])
  await expect.poll(() => sending.value).toBe(false)
  answer('POST /api/session/post', async () => {
    answer('POST /api/cases', { status: 201, body: {} })
    // The network returns just now.
    await hurry()
    await new Promise((resolve) => setTimeout(resolve, 20))
    return { status: 200, body: { status: 'signed_in', me: person(3) } }
  })
  const page = await show(PostPage, { messages: zh })
  await fireEvent.click(page.getByRole('button', { name: /岗位3/ }))
  await expect.poll(() => vi.mocked(window.location.replace).mock.calls).toEqual([['/m/']])
  expect(paths().slice(2)).toEqual(['POST /api/session/post'])
  expect([keyOf(), await db.envelopes.count()]).toEqual(['1.3', 1])
})

test('a post that is refused can be chosen again', async () => {
  answer('GET /api/session', { status: 200, body: person(2) })
  answer('POST /api/session/post', { status: 409, body: { code: 'post.ended', message: '岗位已停用' } })
  const page = await show(PostPage, { messages: zh })
  await fireEvent.click(page.getByRole('button', { name: /岗位3/ }))
  expect((await page.findByRole('alert')).textContent).toContain('岗位已停用')
  expect(page.getByRole('button', { name: /岗位3/ })).toHaveProperty('disabled', false)
})
