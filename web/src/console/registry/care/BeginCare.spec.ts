import { fireEvent, screen } from '@testing-library/vue'
import { expect, test } from 'vitest'

import { answer, sent } from '@/shared/testing/network'
import { flushPromises, show } from '@/shared/testing/render'

import messages from '../../messages.zh'
import BeginCare from './BeginCare.vue'

const NUMBER = '320104194101011233'
const WORKERS = 'POST /api/registry/care/workers'

async function types(number: string): Promise<HTMLElement> {
  answer('GET /api/registry/care/categories', { status: 200, body: [] })
  await show(BeginCare, { messages })
  await flushPromises()
  const field = await screen.findByLabelText('身份证号')
  for (let digits = 14; digits <= number.length; digits += 1)
    await fireEvent.update(field, number.slice(0, digits))
  await flushPromises()
  return field
}

function asked(): unknown[] {
  return sent.filter(({ path }) => path.endsWith('/workers')).map(({ body }) => body)
}

test('who may be given them is asked once, of the whole number', async () => {
  answer(WORKERS, { status: 200, body: [] })
  const field = await types(NUMBER)
  expect(asked(), 'while one types').toEqual([])
  await fireEvent.change(field)
  await flushPromises()
  expect(asked()).toEqual([{ id_number: NUMBER }])
})

test('of a number that is too short nobody is asked', async () => {
  const field = await types(NUMBER.slice(0, 14))
  await fireEvent.change(field)
  await flushPromises()
  expect(asked()).toEqual([])
})

test('why nobody is offered is said', async () => {
  answer(WORKERS, {
    status: 503,
    body: { code: 'unavailable', message: '服务繁忙，请稍后再试。', fields: {} },
  })
  const field = await types(NUMBER)
  await fireEvent.change(field)
  expect(await screen.findByText('服务繁忙，请稍后再试。')).toBeTruthy()
})
