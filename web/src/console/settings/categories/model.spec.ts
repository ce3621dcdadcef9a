import { expect, test } from 'vitest'

import { changes, emptyCondition, type Draft } from './model'

const draft = (more: Partial<Draft> = {}): Draft => ({
  name_zh: '路灯不亮',
  name_en: '',
  urgency: 'normal',
  limits: { handle: { kind: 'work_days', amount: 2 } },
  evidence: ['before', 'after'],
  first_handler: '',
  supervisor: '',
  legal_basis: '',
  collect: '',
  settle_on_spot: true,
  is_complaint: false,
  is_active: true,
  successor_id: null,
  conditions: [],
  procedure: [],
  ...more,
})

test('only what differs is sent', () => {
  expect(changes(draft(), draft())).toEqual({})
  expect(changes(draft({ urgency: 'urgent' }), draft())).toEqual({ urgency: 'urgent' })
})

test('a limit that was emptied is left to the categories above', () => {
  const limits = {
    handle: { kind: 'work_days' as const, amount: undefined },
    sign: { kind: 'minutes' as const, amount: 30 },
  }
  expect(changes(draft({ limits }), draft())).toEqual({ limits: { sign: { kind: 'minutes', amount: '30' } } })
})

test('conditions go whole, with the limits they name', () => {
  const one = {
    ...emptyCondition(),
    accept_when: '缺失',
    limits: { handle: { kind: 'urgent_hours' as const, amount: 2 } },
  }
  expect(changes(draft({ conditions: [one] }), draft()).conditions).toEqual([
    { ...one, limits: { handle: { kind: 'urgent_hours', amount: '2' } } },
  ])
})

test('taking the successor away is said, not left out', () => {
  expect(changes(draft(), draft({ successor_id: 7 }))).toEqual({ successor_id: null })
})
