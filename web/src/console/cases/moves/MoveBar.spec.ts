import { fireEvent, screen, waitFor } from '@testing-library/vue'
import { expect, test } from 'vitest'

import messages from '@/console/messages.zh'
import { answer, sent } from '@/shared/testing/network'
import { show } from '@/shared/testing/render'

import { aCase } from '../testing'
import MoveBar from './MoveBar.vue'

const REFUSE = { kind: 'refuse', label: '不予受理', needs: ['reason'] }
const ACCEPT = { kind: 'accept', label: '受理', needs: [] }
const MOVED = { id: 'a', number: 'WGa', state: 'refused', version: 5 }

async function open(more: Parameters<typeof aCase>[1]) {
  return await show(MoveBar, { props: { one: aCase('a', { version: 4, ...more }) }, messages })
}

test('a move without needs is done at one press, for the version on the screen', async () => {
  answer('POST /api/cases/a/accept', { status: 200, body: MOVED })
  const { emitted } = await open({ moves: [ACCEPT] })
  await fireEvent.click(screen.getByRole('button', { name: /受理/ }))
  await waitFor(() => {
    expect(emitted()['moved']).toHaveLength(1)
  })
  expect(sent[0]?.body).toEqual({ version: 4 })
  expect(sent[0]?.headers.get('Idempotency-Key')).toMatch(/^[0-9a-f-]{36}$/)
})

test('a form asks for what is needed and says what is missing before anything is sent', async () => {
  await open({ moves: [REFUSE] })
  await fireEvent.click(screen.getByRole('button', { name: '不予受理' }))
  await fireEvent.click(screen.getAllByRole('button', { name: '不予受理' })[0] as HTMLElement)
  expect(await screen.findByText('请写明理由。')).toBeTruthy()
  expect(sent).toHaveLength(0)
})

test('a conflict says who did what, keeps what was typed, and is sent again for the newer version', async () => {
  const sentence = '您打开之后，毛思晨 于 10:31:02 更正；请看过新的情况再操作。'
  answer('POST /api/cases/a/refuse', { status: 409, body: { code: 'case.changed', message: sentence } })
  const { emitted, rerender } = await open({ moves: [REFUSE] })
  await fireEvent.click(screen.getByRole('button', { name: '不予受理' }))
  await fireEvent.update(screen.getByLabelText('理由'), '不属于受理范围')
  await fireEvent.click(screen.getAllByRole('button', { name: '不予受理' })[0] as HTMLElement)

  expect(await screen.findByText(sentence)).toBeTruthy()
  await fireEvent.click(screen.getByRole('button', { name: /查看最新情况/ }))
  expect(emitted()['stale']).toHaveLength(1)

  await rerender({ one: aCase('a', { version: 5, moves: [REFUSE] }) })
  expect((screen.getByLabelText('理由') as HTMLTextAreaElement).value).toBe('不属于受理范围')
  answer('POST /api/cases/a/refuse', { status: 200, body: MOVED })
  await fireEvent.click(screen.getAllByRole('button', { name: '不予受理' })[0] as HTMLElement)
  await waitFor(() => {
    expect(emitted()['moved']).toHaveLength(1)
  })
  expect(sent.at(-1)?.body).toEqual({ version: 5, reason: '不属于受理范围' })
})
