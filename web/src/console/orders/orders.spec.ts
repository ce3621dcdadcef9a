import { fireEvent, screen, waitFor } from '@testing-library/vue'
import { expect, test } from 'vitest'

import { answer, sent } from '@/shared/testing/network'
import { show } from '@/shared/testing/render'

import cases from '../cases/i18n.zh'
import { aCase } from '../cases/testing'
import messages from './i18n.zh'
import NewOrderPage from './NewOrderPage.vue'

const UNIT = { id: 7, name: '城管中队' }
const open = async (at: string) => {
  const { unmount } = await show(NewOrderPage, { at, messages: { orders: messages, cases } })
  await screen.findByRole('button', { name: messages.give })
  return unmount
}
const draftOf = (id: string) => `wangge.draft.orders.new.${id}`

test('what was kept shows whom it goes to, and goes to nobody else', async () => {
  sessionStorage.setItem(draftOf(''), JSON.stringify({ title: '夜查工地', units: [UNIT] }))
  answer('POST /api/orders', { status: 201, body: { id: 'x', sent: 1 } })
  await open('/orders/new')
  expect(screen.getAllByText(UNIT.name).length).toBeGreaterThan(0)
  await fireEvent.submit(screen.getByRole('button', { name: messages.give }))
  await waitFor(() => {
    expect(sent.find(({ method }) => method === 'POST')?.body).toMatchObject({
      units: [UNIT.id],
      posts: [],
      case_id: null,
    })
  })
})

test('a text kept for one case is not taken up for another, which is named', async () => {
  sessionStorage.setItem(draftOf('one'), JSON.stringify({ title: '夜查工地', units: [UNIT], place: '旧址' }))
  answer('GET /api/cases/other', { status: 200, body: aCase('other', { address: '新址 3 号' }) })
  await open('/orders/new?case=other')
  expect(screen.queryByText(UNIT.name)).toBeNull()
  expect(screen.getByDisplayValue('新址 3 号')).toBeTruthy()
  expect(screen.getByText(/WGother/)).toBeTruthy()
})
