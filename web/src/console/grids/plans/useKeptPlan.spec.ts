import { expect, test } from 'vitest'

import { answer, sent } from '@/shared/testing/network'

import type { Step } from './model'
import { useKeptPlan, type PlanContent } from './useKeptPlan'

const ID = '01a1f8c7-a19c-74b6-8a73-81b0cccfad5c'
const merge: Step = { act: 'merge', codes: ['a', 'b'], into: '', name: '' }
const content: PlanContent = { title: '优化', date: '2026-12-01', reason: '', steps: [] }

test('what was made once is written over, also after a submission that was refused', async () => {
  answer('POST /api/plans', { status: 201, body: { id: ID, version: 1 } })
  answer(`POST /api/plans/${ID}/submit`, { status: 422, body: { code: 'grids.breaks_net', message: '' } })
  answer(`PUT /api/plans/${ID}`, { status: 200, body: { id: ID, version: 2 } })
  const { card, save, submit } = useKeptPlan(undefined)
  await expect(submit(await save(content))).rejects.toThrow()
  await save({ ...content, steps: [merge] })
  expect(sent.map(({ method }) => method)).toEqual(['POST', 'POST', 'PUT'])
  expect(sent[2]?.body).toMatchObject({ version: 1, steps: [merge] })
  expect(card.value?.version).toBe(2)
})

test('a lost answer is asked for with the same key, other steps with another', async () => {
  answer('POST /api/plans', { status: 503 })
  const { save } = useKeptPlan(undefined)
  for (const steps of [[], [], [merge]]) await expect(save({ ...content, steps })).rejects.toThrow()
  const [first, again, other] = sent.map(({ headers }) => headers.get('Idempotency-Key'))
  expect(again).toBe(first)
  expect(other).not.toBe(first)
})
