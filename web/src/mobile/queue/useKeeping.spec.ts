import 'fake-indexeddb/auto'

import { beforeEach, expect, test } from 'vitest'
import { createApp, defineComponent, h } from 'vue'

import { i18n, startLanguages } from '@/shared/i18n'
import { now } from '@/shared/time/clock'

import { db } from '../store/db'
import { destroyKey, openKey } from '../store/seal'
import type { NewEntry } from './queue'
import { useKeeping, type Keeping } from './useKeeping'

const REPORT: NewEntry = { operation: 'report', label: '', method: 'POST', path: '/api/cases', body: {} }

beforeEach(async () => {
  await db.open()
  await Promise.all(db.tables.map((table) => table.clear()))
  await openKey('1.2', now() + 3600_000)
  await startLanguages({
    'zh-CN': async () => (await import('../messages.zh')).default,
    en: async () => (await import('../messages.en')).default,
  })
})

function keeper(): Keeping {
  let found: Keeping | undefined
  const page = defineComponent(() => {
    found = useKeeping()
    return () => h('div')
  })
  createApp(page).use(i18n).mount(document.createElement('div'))
  if (!found) throw new Error('not set up')
  return found
}

test('a full phone is said, and nothing of what belongs together is kept', async () => {
  const { put, putAll, problem } = keeper()
  let left = 1
  const full = () => {
    if (left === 0) throw new DOMException('full', 'QuotaExceededError')
    left -= 1
  }
  db.entries.hook('creating', full)
  expect(await putAll([{ entry: REPORT }, { entry: REPORT }])).toBe(false)
  db.entries.hook('creating').unsubscribe(full)
  expect(problem.value).toContain('存储空间不足')
  expect(await db.entries.count()).toBe(0)
  expect(await put(REPORT)).toBe(true)
  expect(problem.value).toBe('')
})

test('whose session is over is told to sign in again', async () => {
  const { put, problem } = keeper()
  await destroyKey()
  expect(await put(REPORT)).toBe(false)
  expect(problem.value).toContain('重新登录')
})

test('two taps make one', async () => {
  const { put } = keeper()
  expect(await Promise.all([put(REPORT), put(REPORT)])).toEqual([true, false])
  expect(await db.entries.count()).toBe(1)
})
