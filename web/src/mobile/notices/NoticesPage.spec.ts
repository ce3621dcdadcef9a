import 'fake-indexeddb/auto'

import { fireEvent } from '@testing-library/vue'
import { beforeEach, expect, test } from 'vitest'

import { answer } from '@/shared/testing/network'
import { show, type Shown } from '@/shared/testing/render'
import { now } from '@/shared/time/clock'

import zh from '../messages.zh'
import { contentOf } from '../queue/queue'
import { db } from '../store/db'
import { destroyKey, openKey } from '../store/seal'
import NoticesPage from './NoticesPage.vue'

const NOTICE = {
  id: 7,
  text: '您有新的任务',
  title: '井盖破损',
  read: false,
  urgent: false,
  subject_type: 'errand',
  subject_id: '1',
  at: new Date(0).toISOString(),
  by_name: '',
}

beforeEach(async () => {
  await db.open()
  await Promise.all(db.tables.map((table) => table.clear()))
  await openKey('1.2', now() + 3600_000)
  answer('GET /api/notices', { status: 200, body: { items: [NOTICE] } })
  answer('GET /api/announcements', { status: 200, body: [] })
  answer('GET /api/field/pack', { status: 503 })
})

async function markAll({ findByRole }: Shown): Promise<void> {
  await fireEvent.click(await findByRole('button', { name: /全部标为已读/ }))
}

test('what was marked as read goes to the server through the queue', async () => {
  const page = await show(NoticesPage, { messages: zh })
  await markAll(page)
  await expect.poll(() => db.entries.count()).toBe(1)
  const [row] = await db.entries.toArray()
  expect(row && (await contentOf(row)).body).toEqual({ ids: [7] })
  await expect.poll(() => page.queryByText('未读')).toBeNull()
})

test('what could not be kept is not shown as read, and the page says why', async () => {
  const page = await show(NoticesPage, { messages: zh })
  await page.findByText('井盖破损')
  await destroyKey()
  await markAll(page)
  expect((await page.findByRole('alert')).textContent).toContain('重新登录')
  expect(await page.findByRole('button', { name: /全部标为已读/ })).toBeTruthy()
})
