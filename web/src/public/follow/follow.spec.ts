import { fireEvent, screen, waitFor } from '@testing-library/vue'
import { expect, test } from 'vitest'

import { answer, sent } from '@/shared/testing/network'
import { show } from '@/shared/testing/render'

import report from '../report/i18n.zh'
import FollowPage from './FollowPage.vue'
import messages from './i18n.zh'
import { forgetReport, keepReport, keptReports } from './kept'

const words = { follow: messages, report }
const PROGRESS = {
  number: 'WG1234567',
  title: '井盖破了',
  reported_at: '2025-11-20T01:00:00Z',
  is_open: false,
  outcome: '已解决',
  reply: '已更换井盖。',
  due_at: null,
  steps: [{ at: '2025-11-20T01:00:00Z', what: '已收到您的反映。' }],
  score: null,
  may_rate: true,
  may_reopen: true,
  may_add: false,
}

async function open(): Promise<void> {
  await show(FollowPage, { messages: words })
  await fireEvent.update(screen.getByLabelText('案件号'), ' wg1234567 ')
  await fireEvent.update(screen.getByLabelText('查询码'), '1234 5678')
  await fireEvent.click(screen.getByRole('button', { name: '查询' }))
}

test('a wrong code is refused in the words of the server, and what was typed stays', async () => {
  answer('POST /api/public/follow', { status: 404, body: { code: 'follow.refused', message: '查询码不对' } })
  await open()
  expect((await screen.findByRole('alert')).textContent).toBe('查询码不对')
  expect(screen.getByLabelText<HTMLInputElement>('查询码').value).toBe('1234 5678')
})

test('only what may be done now is offered, and a rating goes with number and code', async () => {
  answer('POST /api/public/follow', { status: 200, body: PROGRESS })
  answer('POST /api/public/follow/rate', { status: 200, body: { ...PROGRESS, score: 5, may_rate: false } })
  await open()
  await screen.findByText('已更换井盖。')
  expect(screen.queryByRole('button', { name: '补充说明' })).toBeNull()
  screen.getByRole('button', { name: '没办好，要求重办' })
  await fireEvent.click(screen.getByRole('button', { name: '提交评价' }))
  await screen.findByText('请选择一项')
  await fireEvent.click(screen.getByLabelText('非常满意'))
  await fireEvent.click(screen.getByRole('button', { name: '提交评价' }))
  await screen.findByText('您评了 5 分')
  expect(sent.at(-1)?.body).toEqual({
    number: 'WG1234567',
    code: '12345678',
    score: 5,
    solved: null,
    text: '',
  })
})

test('a report kept on this phone opens with one tap and can be forgotten', async () => {
  keepReport({ number: 'WG1234567', code: '12345678', title: '井盖破了' })
  answer('POST /api/public/follow', { status: 200, body: PROGRESS })
  await show(FollowPage, { messages: words })
  await fireEvent.click(screen.getByRole('button', { name: /井盖破了 WG1234567/ }))
  await waitFor(() => {
    expect(sent.at(-1)?.body).toEqual({ number: 'WG1234567', code: '12345678' })
  })
  forgetReport('WG1234567')
  expect(keptReports()).toEqual([])
})
