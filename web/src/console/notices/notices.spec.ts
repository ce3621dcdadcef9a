import { fireEvent, screen, waitFor } from '@testing-library/vue'
import { expect, test } from 'vitest'

import { answer, sent } from '@/shared/testing/network'
import { show } from '@/shared/testing/render'

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
