import { expect, test, vi } from 'vitest'

import { answer, sent } from '@/shared/testing/network'

import { newRun, useRun } from './useRun'

const MOVED = { id: 'a', number: 'WGa', state: 'closed', version: 2 }
const job = (id: string) => ({ id, number: `WG${id}`, title: id, body: { version: 1 } })

test('each case is a move of its own with a key of its own, and a refusal stops nobody else', async () => {
  answer('POST /api/cases/a/close', { status: 200, body: MOVED })
  answer('POST /api/cases/b/close', {
    status: 409,
    body: { code: 'case.claimed', message: '毛思晨正在办理' },
  })
  answer('POST /api/cases/c/close', { status: 200, body: MOVED })
  const { begin, batch, counts, isOver } = newRun()
  await begin('close', '结案', ['a', 'b', 'c'].map(job))
  expect(counts.value).toMatchObject({ done: 2, refused: 1 })
  expect(batch.value?.jobs[1]?.why).toBe('毛思晨正在办理')
  expect(isOver.value).toBe(true)
  expect(new Set(sent.map(({ headers }) => headers.get('Idempotency-Key'))).size).toBe(3)
})

test('after a lost connection what has no answer is sent again with the same key, the rest is not', async () => {
  let isDown = true
  answer('POST /api/cases/a/sign', { status: 200, body: MOVED })
  answer('POST /api/cases/b/sign', () => {
    if (isDown) throw new TypeError('no network')
    return { status: 200, body: MOVED }
  })
  const { begin, goOn, counts, isOver } = newRun()
  await begin('sign', '签收', ['a', 'b'].map(job))
  expect(counts.value).toMatchObject({ done: 1, unanswered: 1 })
  expect(isOver.value).toBe(false)
  isDown = false
  await goOn()
  expect(isOver.value).toBe(true)
  const keys = (id: string) =>
    sent.filter(({ path }) => path.includes(`/${id}/`)).map(({ headers }) => headers.get('Idempotency-Key'))
  expect(keys('a')).toHaveLength(1)
  expect(keys('b')).toHaveLength(2)
  expect(keys('b')[0]).toBe(keys('b')[1])
})

test('a page loaded anew in the middle goes on where it was, with the same keys', async () => {
  answer('POST /api/cases/a/pass', { status: 503, body: { code: 'busy', message: '稍后再试' } })
  await newRun().begin('pass', '复核通过', [job('a')])
  answer('POST /api/cases/a/pass', { status: 200, body: MOVED })
  const again = newRun()
  expect(again.batch.value?.label).toBe('复核通过')
  await again.goOn()
  expect(again.isOver.value).toBe(true)
  expect(sent[0]?.headers.get('Idempotency-Key')).toBe(sent[1]?.headers.get('Idempotency-Key'))
  again.forget()
  expect(newRun().batch.value).toBeUndefined()
})

test('a batch goes on while its page is left, and is found again from the next', async () => {
  let release: () => void = () => undefined
  answer('POST /api/cases/a/sign', async () => {
    await new Promise<void>((resolve) => (release = resolve))
    return { status: 200, body: MOVED }
  })
  const begun = useRun().begin('sign', '签收', [job('a')])
  expect(useRun().running.value).toBe(true)
  await vi.waitFor(() => {
    expect(sent).toHaveLength(1)
  })
  release()
  await begun
  expect(useRun().isOver.value).toBe(true)
  useRun().forget()
})
