import { effectScope, reactive, type EffectScope } from 'vue'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { keepDraft } from '@/shared/forms/drafts'
import { answer, sent } from '@/shared/testing/network'

import { EMPTY, isBegun, type IntakeValues } from './report'
import { useServerDraft } from './useServerDraft'

const WHEN = '2026-01-05T02:00:00Z'
const CHANGED = { code: 'draft.changed', message: '这份草稿已在另一处改过', data: { version: 5 } }
const puts = () => sent.filter(({ method }) => method === 'PUT')

let page: EffectScope

function begin() {
  const values = reactive<IntakeValues>({ ...EMPTY, source: 'telephone', title: '路灯不亮' })
  page = effectScope()
  const draft = page.run(() => useServerDraft(values, () => isBegun(values)))
  if (!draft) throw new Error('not begun')
  return { values, draft }
}

beforeEach(() => {
  keepDraft('intake.at', { id: 'mine', version: 1 })
  answer('GET /api/drafts', { status: 200, body: [] })
  answer('PUT /api/drafts/mine', { status: 200, body: { version: 2, changed_at: WHEN } })
  answer('DELETE /api/drafts/mine', { status: 204 })
  const other = { id: 'other', version: 3, changed_at: WHEN, values: { ...EMPTY, title: '井盖' } }
  answer('GET /api/drafts/other', { status: 200, body: other })
})

/** The page is left; what it still keeps is kept before the next spec. */
afterEach(async () => {
  vi.useRealTimers()
  page.stop()
  await new Promise((resolve) => setTimeout(resolve))
})

test('a report that was sent does not become a draft again when another is taken up', async () => {
  const { draft } = begin()
  await draft.end()
  expect((await draft.takeUp('other')).title).toBe('井盖')
  expect(puts()).toEqual([])
})

test('the one at hand is kept before another is taken up', async () => {
  const { draft } = begin()
  await draft.takeUp('other')
  expect(puts().map(({ path }) => path)).toEqual(['/api/drafts/mine'])
})

test('while it is open whose text stands, neither is written over', async () => {
  answer('PUT /api/drafts/mine', { status: 409, body: CHANGED })
  const { draft } = begin()
  await expect(draft.takeUp('other')).rejects.toMatchObject({ code: 'draft.changed' })
  await expect(draft.takeUp('other')).rejects.toMatchObject({ code: 'draft.changed' })
  expect([draft.keeping.value, puts().length]).toEqual(['conflict', 1])
  answer('PUT /api/drafts/mine', { status: 200, body: { version: 6, changed_at: WHEN } })
  await draft.keepMine()
  expect(puts().at(-1)?.body).toMatchObject({ version: 5 })
})

test('what could not be kept is not lost to another', async () => {
  answer('PUT /api/drafts/mine', { status: 503, body: { code: 'busy', message: '稍后再试' } })
  const { draft } = begin()
  await expect(draft.takeUp('other')).rejects.toMatchObject({ code: 'busy' })
})

test('a page that was left does not try again: whoever opens it next keeps that draft', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  answer('PUT /api/drafts/mine', { status: 503, body: { code: 'busy', message: '稍后再试' } })
  const { draft } = begin()
  await expect(draft.takeUp('other')).rejects.toMatchObject({ code: 'busy' })
  page.stop()
  await vi.waitFor(() => {
    expect(puts()).toHaveLength(2)
  })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(puts()).toHaveLength(2)
})
