import { expect, test } from 'vitest'

import { correctable, withWords } from './correctable'
import type { Content } from './queue'

const CONTENT: Content = {
  operation: 'case_move',
  label: '',
  method: 'POST',
  path: '/api/cases/x/return',
  happenedAt: '2026-11-20T01:00:00Z',
  body: {
    version: 3,
    reason: '不属于本网格',
    outcome: '',
    evidence: ['01900000-0000-7000-8000-000000000001'],
    answers: { note: '已告知', met: '2026-11-20T01:00:00Z' },
  },
}

test('only words are offered for correction, wherever they stand', () => {
  expect(correctable(CONTENT).map(({ path }) => path.join('.'))).toEqual(['reason', 'answers.note'])
})

test('corrected words take their place, and the version that was looked at is let go of', () => {
  const [reason, note] = correctable(CONTENT)
  const mended = withWords(CONTENT, [{ path: reason?.path ?? [], text: '属于城管' }, ...(note ? [note] : [])])
  expect(mended.body).toMatchObject({ reason: '属于城管', answers: { note: '已告知' } })
  expect(mended.body).not.toHaveProperty('version')
  expect((CONTENT.body as { reason: string }).reason).toBe('不属于本网格')
})

test('a corrected record still says which version of its form it was filled in on', () => {
  const body = { form: 'visit_shop', version: 2, answers: { note: '已告知' } }
  const mended = withWords({ ...CONTENT, operation: 'record', body }, [
    { path: ['answers', 'note'], text: '已当面告知' },
  ])
  expect(mended.body).toEqual({ ...body, answers: { note: '已当面告知' } })
})
