import { expect, test } from 'vitest'

import { answer, sent } from '@/shared/testing/network'

import { loadCases } from './calls'

const { signal } = new AbortController()

test('a telephone is asked for in a body, all else in the address', async () => {
  answer('POST /api/cases/search', { status: 200, body: { items: [] } })
  answer('GET /api/cases', { status: 200, body: { items: [] } })
  await loadCases({ queue: 'all', phone: '13800138000', state: ['closed'], cursor: undefined }, signal)
  expect(sent[0]).toMatchObject({ query: {}, body: { phone: '13800138000', state: ['closed'] } })
  await loadCases({ queue: 'all', phone: '', state: ['closed'] }, signal)
  expect(sent[1]).toMatchObject({ method: 'GET', query: { queue: 'all', state: 'closed' } })
})
