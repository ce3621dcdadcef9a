import { fireEvent, screen } from '@testing-library/vue'
import { expect, test } from 'vitest'

import { show } from '@/shared/testing/render'

import messages from '../messages.zh'
import { moveEntry } from './case-moves'
import MoveForm, { type MoveValues } from './MoveForm.vue'

const CASE = { id: 'c1', title: '路灯不亮', version: 7 }
const MORE = { kind: 'ask_extension', label: '申请延期', needs: ['limit', 'reason'] } as never

async function opened() {
  const props = {
    title: '申请延期',
    needsText: true,
    needsPhoto: false,
    withPhotos: false,
    results: [],
    asksUntil: false,
    asksLimit: true,
  }
  const { emitted } = await show(MoveForm, { props, messages })
  return () => emitted<[MoveValues]>('send')?.[0]?.[0]
}

test('more time is asked for by how long, in the unit that was chosen', async () => {
  const sent = await opened()
  await fireEvent.update(screen.getByLabelText('时长'), '1.5')
  await fireEvent.update(screen.getByLabelText('时限单位'), 'natural_days')
  await fireEvent.update(screen.getByLabelText('说明'), '等配件到货')
  await fireEvent.click(screen.getByRole('button', { name: '确定' }))
  const values = sent()
  expect(values?.limit).toEqual({ kind: 'natural_days', amount: '1.5' })
  expect(moveEntry(CASE, MORE, values, undefined)).toMatchObject({
    path: '/api/cases/c1/ask-extension',
    body: { version: 7, reason: '等配件到货', limit: { kind: 'natural_days', amount: '1.5' } },
  })
})

test('without how long nothing is sent, and the form says so', async () => {
  const sent = await opened()
  await fireEvent.update(screen.getByLabelText('说明'), '等配件到货')
  await fireEvent.click(screen.getByRole('button', { name: '确定' }))
  expect(sent()).toBeUndefined()
  expect(screen.getByText('请写明要延长多久')).toBeTruthy()
})
