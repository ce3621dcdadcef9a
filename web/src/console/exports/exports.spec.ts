import { render, screen, waitFor } from '@testing-library/vue'
import { expect, test } from 'vitest'

import { openFeed, sayOnFeed } from '@/shared/testing/feed'
import { answer, sent } from '@/shared/testing/network'
import { show } from '@/shared/testing/render'

import ExportsPage from './ExportsPage.vue'
import zh from './i18n.zh'
import { useJobs, type Job } from './jobs'

const LATER = { timeout: 10_000 }

function job(id: string, state: Job['state'], done = 0): Job {
  return {
    id,
    state,
    done,
    kind: 'registry',
    format: 'csv',
    title: '人口名单',
    purpose: '入户走访',
    decided_by: '',
    asked_at: '2026-03-09T02:00:00Z',
    sha256: '',
    is_cut: false,
    is_signed: false,
    problem: '',
  }
}

function stands(...items: Job[]): void {
  answer('GET /api/exports', { status: 200, body: { items, count: items.length } })
}

test('what somebody else approves goes on before the eyes of who asked, row by row until it is there', async () => {
  stands(job('a', 'proposed'))
  const frame = render({ setup: () => (useJobs(), () => null) })
  const close = openFeed()
  const page = await show(ExportsPage, { at: '/exports', messages: { exports: zh } })
  expect(await screen.findByText(zh.state.proposed)).toBeTruthy()
  expect(sent.filter(({ path }) => path === '/api/exports')).toHaveLength(1)

  stands(job('a', 'running', 500))
  sayOnFeed('export', { id: 'a' })
  expect(await screen.findByText('已写 500 行', {}, LATER)).toBeTruthy()
  stands(job('a', 'ready', 1200))
  expect(await screen.findByRole('link', { name: '下载 人口名单' }, LATER)).toBeTruthy()
  expect(await screen.findAllByText('“人口名单”已生成，点此下载')).toHaveLength(1)

  close()
  page.unmount()
  frame.unmount()
}, 40_000)

test('that it was refused is said wherever one is, once', async () => {
  stands(job('b', 'refused'))
  const frame = render({ setup: () => (useJobs(), () => null) })
  const close = openFeed()
  sayOnFeed('export', { id: 'b' })
  await waitFor(() => {
    expect(screen.getAllByText('“人口名单”未获批准，不会生成')).toHaveLength(1)
  }, LATER)
  close()
  frame.unmount()
}, 20_000)
