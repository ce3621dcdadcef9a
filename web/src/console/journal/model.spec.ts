import { expect, test } from 'vitest'

import { asked, firstDay, type Chosen } from './model'

const chosen = (more: Partial<Chosen> = {}): Chosen => ({
  kind: '',
  what: '',
  actor: 0,
  subject: '',
  story: false,
  code: '',
  from: '',
  to: '',
  ...more,
})

test('days are Beijing days, and the last one is included', () => {
  expect(asked(chosen({ from: '2026-11-01', to: '2026-11-20' }))).toMatchObject({
    from: '2026-11-01T00:00:00+08:00',
    to: '2026-11-21T00:00:00+08:00',
  })
})

test('a story is asked for with its subject only', () => {
  expect(asked(chosen({ story: true })).story).toBe(false)
  expect(asked(chosen({ story: true, subject: 'account:5' }))).toMatchObject({
    story: true,
    subject: 'account:5',
  })
})

test('words of the address that nobody knows are not sent', () => {
  expect(asked(chosen({ what: 'x' }))).not.toHaveProperty('what')
})

test('the first view is the latest thirty days', () => {
  expect(firstDay(Date.parse('2026-11-20T02:00:00Z'))).toBe('2026-10-21')
})
