import { fireEvent, render, screen, waitFor } from '@testing-library/vue'
import { expect, test, vi } from 'vitest'

import { openFeed, sayOnFeed } from '@/shared/testing/feed'
import { answer, sent } from '@/shared/testing/network'
import { show } from '@/shared/testing/render'

import { recount, rung, unread, useBell } from './bell'
import zh from './i18n.zh'
import NoticesPage from './NoticesPage.vue'

const NOTICE = {
  id: 5,
  seq: 12,
  kind: 'assigned',
  group: 'assigned',
  urgent: true,
  text: '案件派到本单位',
  title: '路面塌陷',
  number: 'WG1',
  subject_type: 'case',
  subject_id: '0193a1d0-0000-7000-8000-000000000001',
  by_name: '钱街道',
  times: 3,
  at: '2026-03-09T02:00:00Z',
  read: false,
  held: false,
}
const UNREAD = { told: 0, urgent: 0, held: 0, latest: 0, sound: false }

test('a notice leads to its case, and is marked as read where it stands', async () => {
  answer('GET /api/notices', { status: 200, body: { items: [NOTICE], next: null } })
  answer('GET /api/notices/unread', { status: 200, body: UNREAD })
  answer('POST /api/notices/read', { status: 200, body: { read: 1 } })
  await show(NoticesPage, { at: '/notices', messages: { notices: zh } })
  const link = await screen.findByRole('link', { name: '路面塌陷' })
  expect(link.getAttribute('href')).toBe(`/cases/${NOTICE.subject_id}`)
  expect(screen.getByText('3 次')).toBeTruthy()
  await fireEvent.click(screen.getByRole('button', { name: /标为已读/ }))
  await waitFor(() => {
    expect(screen.queryByRole('button', { name: /标为已读/ })).toBeNull()
  })
  expect(sent.find(({ path }) => path === '/api/notices/read')?.body).toEqual({ ids: [5] })
})

test('all of a group is read as it is shown, and nothing of another', async () => {
  answer('GET /api/notices', { status: 200, body: { items: [NOTICE, { ...NOTICE, id: 6, read: true }] } })
  answer('GET /api/notices/unread', { status: 200, body: UNREAD })
  answer('POST /api/notices/read', { status: 200, body: { read: 1 } })
  await show(NoticesPage, { at: '/notices?group=assigned', messages: { notices: zh } })
  await fireEvent.click(await screen.findByRole('button', { name: zh.readShown }))
  await waitFor(() => {
    expect(sent.find(({ path }) => path === '/api/notices/read')?.body).toEqual({ ids: [5] })
  })
  expect(sent.some(({ path }) => path === '/api/notices/read-all')).toBe(false)
})

test('a notice does not move the list that is pointed at; it says that it came', async () => {
  answer('GET /api/notices', { status: 200, body: { items: [NOTICE], next: null } })
  await show(NoticesPage, { at: '/notices', messages: { notices: zh } })
  const link = await screen.findByRole('link', { name: '路面塌陷' })
  await fireEvent.pointerEnter(link.closest('.card') ?? link)
  const asked = sent.length
  rung.value += 1
  await fireEvent.click(await screen.findByRole('button', { name: zh.waiting }))
  await waitFor(() => {
    expect(sent).toHaveLength(asked + 1)
  })
})

test('the bell looks again when the feed says that something was missed', async () => {
  const looks = () => sent.filter(({ path }) => path === '/api/notices/unread').length
  answer('GET /api/notices/unread', { status: 200, body: UNREAD })
  const { unmount } = render({ setup: () => (useBell(vi.fn()), () => null) })
  const close = openFeed()
  await waitFor(() => {
    expect(looks()).toBe(1)
  })
  sayOnFeed('resync')
  await waitFor(
    () => {
      expect(looks()).toBeGreaterThan(1)
    },
    { timeout: 5000 },
  )
  close()
  unmount()
})

test('an urgent notice that comes while another is being read rings as ever', async () => {
  const urgent = vi.fn()
  unread.value = undefined
  answer('GET /api/notices/unread', { status: 200, body: { ...UNREAD, latest: 10, urgent: 1 } })
  const { unmount } = render({ setup: () => (useBell(urgent), () => null) })
  await waitFor(() => {
    expect(unread.value?.latest).toBe(10)
  })
  answer('GET /api/notices/unread', { status: 200, body: { ...UNREAD, latest: 12, urgent: 1 } })
  await recount(1)
  expect(urgent).toHaveBeenCalledTimes(1)
  await recount(1)
  expect(urgent).toHaveBeenCalledTimes(1)
  unmount()
})
