import { fireEvent, screen } from '@testing-library/vue'
import { expect, test } from 'vitest'

import { show } from '@/shared/testing/render'

import messages from '../messages.zh'
import FormField from './FormField.vue'
import type { Field } from './model'

function field(schema: Partial<Field['schema']>, required = false): Field {
  return { name: 'one', schema: { type: 'string', title: '项', ...schema }, title: '项', hint: '', required }
}

async function shown(props: { field: Field; value: unknown; mask?: string }) {
  return show(FormField, { props: { photos: [], fault: '', ...props }, messages })
}

test('a choice is taken back where none is needed', async () => {
  const page = await shown({ field: field({ type: 'boolean' }), value: false })
  await fireEvent.click(screen.getByRole('button', { name: /取消选择/ }))
  expect(page.emitted('change')).toEqual([[undefined]])
})

test('what is needed, or is not chosen yet, offers no taking back', async () => {
  const needed = await shown({ field: field({ type: 'boolean' }, true), value: true })
  expect(screen.queryByRole('button', { name: /取消选择/ })).toBeNull()
  needed.unmount()
  await shown({ field: field({ type: 'boolean' }), value: undefined })
  expect(screen.queryByRole('button', { name: /取消选择/ })).toBeNull()
})

test('what stands sealed is taken away in so many words, and kept again', async () => {
  const secret = field({ 'x-secret': true })
  const page = await shown({ field: secret, value: undefined, mask: '138****0001' })
  expect(screen.getByRole('textbox')).toBeTruthy()
  await fireEvent.click(screen.getByRole('button', { name: /清除已登记的内容/ }))
  expect(page.emitted('change')).toEqual([[null]])
  await page.rerender({ value: null })
  expect(screen.getByText('将清除已登记的 138****0001')).toBeTruthy()
  expect(screen.queryByRole('textbox')).toBeNull()
  await fireEvent.click(screen.getByRole('button', { name: /不清除了/ }))
  expect(page.emitted('change')).toEqual([[null], [undefined]])
})
