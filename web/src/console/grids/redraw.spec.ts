import { expect, test } from 'vitest'

import { answer, sent } from '@/shared/testing/network'

import { missingOf, sendRedraw, type Plan } from './redraw'

const PLAN: Plan = {
  kind: 'split',
  code: '320104001001001',
  line: [
    [118.8, 32],
    [118.81, 32],
  ],
  given: null,
  others: [],
  name: '',
  valid_from: null,
  reason: '太大',
}

test('it says what is still missing before it can be worked out', () => {
  expect(missingOf({ ...PLAN, line: [[118.8, 32]] })).toBe('line')
  expect(missingOf({ ...PLAN, kind: 'move' })).toBe('neighbour')
  expect(missingOf({ ...PLAN, kind: 'merge', line: [] })).toBe('others')
  expect(missingOf(PLAN)).toBeUndefined()
})

test('a preview asks for the same thing as the order, and only says that nothing is to be written', async () => {
  answer('POST /api/grids/320104001001001/split', { status: 200, body: {} })
  await sendRedraw(PLAN, true, 'k1')
  await sendRedraw(PLAN, false, 'k2')
  const [preview, order] = sent.map(({ body }) => body as Record<string, unknown>)
  expect({ ...preview, preview: false }).toEqual(order)
  expect(preview?.['preview']).toBe(true)
  expect(order?.['line']).toEqual({ type: 'LineString', coordinates: PLAN.line })
})

test('grids that are merged are named with the one that takes them in', async () => {
  answer('POST /api/grids/merge', { status: 200, body: {} })
  await sendRedraw(
    { ...PLAN, kind: 'merge', others: ['320104001001002'], valid_from: '2025-12-01' },
    false,
    'k',
  )
  expect(sent[0]?.body).toMatchObject({
    codes: ['320104001001001', '320104001001002'],
    into: '320104001001001',
    valid_from: '2025-12-01',
  })
})
