import 'fake-indexeddb/auto'

import { beforeEach, expect, test, vi } from 'vitest'
import { effectScope } from 'vue'

import { now } from '@/shared/time/clock'

import { db } from './db'
import { keep, kept, useKept, type Kept } from './kept'
import { openKey } from './seal'

const HOUR = 3600_000

beforeEach(async () => {
  await db.open()
  await Promise.all(db.tables.map((table) => table.clear()))
  await openKey('1.2', now() + HOUR)
})

function shown<T>(ask: () => Promise<T>): Kept<T> {
  const found = effectScope().run(() => useKept('it', ask))
  if (!found) throw new Error('no scope')
  return found
}

test('a copy of a time when this clock ran ahead gives way to the answer', async () => {
  await keep('it', 'old', now() + HOUR)
  const it = shown(() => Promise.resolve('new'))
  await vi.waitFor(() => {
    expect(it.data.value).toBe('new')
  })
  expect((await kept('it'))?.value).toBe('new')
  expect(it.at.value).toBeLessThanOrEqual(now())
})

test('an answer that a later one overtook is not shown', async () => {
  const answers: ((value: string) => void)[] = []
  const it = shown(() => new Promise<string>((resolve) => answers.push(resolve)))
  await vi.waitFor(() => {
    expect(answers).toHaveLength(1)
  })
  const again = it.reload()
  answers[1]?.('second')
  await again
  answers[0]?.('first')
  await new Promise((resolve) => setTimeout(resolve, 50)) // whatever the first one does is done
  expect(it.data.value).toBe('second')
})
