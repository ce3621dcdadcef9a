import { expect, test } from 'vitest'

import type { LiveEvent } from '@/shared/live/useLive'

import { changesCases } from './news'
import { aRow } from './testing'

const event = (kind: string, row: unknown = aRow('a')): LiveEvent =>
  ({ id: '1', kind, data: { subject: { type: 'case', id: 'a' }, row } }) as unknown as LiveEvent

test('opening a case, which claims it, makes no desk ask again', () => {
  expect(['case.claimed', 'case.released', 'notice'].map((kind) => changesCases(event(kind)))).not.toContain(
    true,
  )
})

test('a move, a case lost from sight and a feed that begins anew do', () => {
  expect(['case.closed', 'resync'].map((kind) => changesCases(event(kind)))).not.toContain(false)
  expect(changesCases(event('case.taken_over', null))).toBe(true)
})
