import { expect, test } from 'vitest'

import { answer } from '@/shared/testing/network'
import { show } from '@/shared/testing/render'

import zh from './i18n.zh'
import ResponderPicker from './ResponderPicker.vue'

test('where nobody could come, it says so', async () => {
  answer('GET /api/field/responders', { status: 200, body: { people: [] } })
  const props = { around: { lon: 121.4, lat: 31.2 }, modelValue: [] }
  const page = await show(ResponderPicker, { props, messages: { field: zh } })
  expect(await page.findByText(zh.errands.nobody)).toBeTruthy()
})
