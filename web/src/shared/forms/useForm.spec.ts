import { screen, waitFor } from '@testing-library/vue'
import { defineComponent, h } from 'vue'
import { expect, test } from 'vitest'

import { ApiError } from '../api/errors'
import { show } from '../testing/render'
import { useForm, type Form } from './useForm'

interface Typed {
  text: string
}

async function open(
  submit: (values: Typed, sending: { key: string }) => Promise<string>,
  draft?: string,
  check?: (values: Typed) => Partial<Record<'text', string>>,
) {
  let form: Form<Typed, string> | undefined
  const { unmount } = await show(
    defineComponent(() => {
      const made = useForm({
        initial: { text: '' },
        submit,
        ...(draft ? { draft } : {}),
        ...(check ? { check } : {}),
      })
      form = made
      return () => h('p', `${made.message.value}|${made.fields.value['text'] ?? ''}`)
    }),
  )
  if (!form) throw new Error('not rendered')
  return { form, unmount }
}

test('a refusal keeps what was typed and shows the sentence of the field', async () => {
  const { form } = await open(() =>
    Promise.reject(new ApiError(422, 'case.invalid', '请检查', { text: '不能为空' })),
  )
  form.values.text = '路灯不亮'
  expect(await form.submit()).toBeUndefined()
  await waitFor(() => screen.getByText('请检查|不能为空'))
  expect(form.values.text).toBe('路灯不亮')
  expect(form.dirty.value).toBe(true)
})

test('a fault within a list is said at the list, which is what the page shows', async () => {
  const { form } = await open(() =>
    Promise.reject(new ApiError(422, 'invalid', '请检查', { 'text.3': '太长', 'text.4': '太短' })),
  )
  await form.submit()
  await waitFor(() => screen.getByText('请检查|太长'))
})

test('what was found missing is objected to until it is there, and not before sending', async () => {
  const { form } = await open(
    () => Promise.resolve('sent'),
    undefined,
    ({ text }) => (text.length < 2 ? { text: '太短' } : {}),
  )
  form.values.text = '路'
  await Promise.resolve()
  expect(form.fields.value).toEqual({})
  expect(await form.submit()).toBeUndefined()
  await waitFor(() => screen.getByText('|太短'))
  form.values.text = '路灯'
  await waitFor(() => screen.getByText('|'))
  form.values.text = '路'
  await Promise.resolve()
  expect(form.fields.value).toEqual({})
  expect(await form.submit()).toBeUndefined()
  expect(form.fields.value).toEqual({ text: '太短' })
})

test('sending again has the same key, changed content another', async () => {
  const keys: string[] = []
  const { form } = await open((_values, { key }) => {
    keys.push(key)
    return Promise.reject(new ApiError(0, 'network', ''))
  })
  form.values.text = 'a'
  await form.submit()
  await form.submit()
  form.values.text = 'b'
  await form.submit()
  expect(keys[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/)
  expect(keys[1]).toBe(keys[0])
  expect(keys[2]).not.toBe(keys[0])
})

test('what was chosen goes too when the form begins anew', async () => {
  const initial: { text: string; category: number | undefined } = { text: '', category: undefined }
  let form: Form<typeof initial, string> | undefined
  await show(
    defineComponent(() => {
      form = useForm({ initial, submit: () => Promise.resolve('sent') })
      return () => h('p')
    }),
  )
  if (!form) throw new Error('not rendered')
  form.values.category = 7
  form.reset()
  expect(form.values.category).toBeUndefined()
  expect(form.dirty.value).toBe(false)
})

test('what is shown instead is no change of anybody, in whatever order its fields come', async () => {
  const initial: { text: string; category?: number } = { text: '' }
  let form: Form<typeof initial, string> | undefined
  await show(
    defineComponent(() => {
      form = useForm({ initial, submit: () => Promise.resolve('sent') })
      return () => h('p')
    }),
  )
  if (!form) throw new Error('not rendered')
  form.reset({ category: 7, text: '路灯不亮' })
  expect(form.values).toEqual({ text: '路灯不亮', category: 7 })
  expect(form.dirty.value).toBe(false)
  form.values.category = 8
  expect(form.dirty.value).toBe(true)
})

test('two presses send once', async () => {
  let calls = 0
  const { form } = await open(() => {
    calls += 1
    return new Promise((resolve) => setTimeout(resolve, 5, 'done'))
  })
  await Promise.all([form.submit(), form.submit()])
  expect(calls).toBe(1)
})

test('a draft survives the page and goes once it is sent', async () => {
  const first = await open(() => Promise.resolve('done'), 'report')
  first.form.values.text = '井盖缺失'
  await waitFor(() => {
    expect(sessionStorage.length).toBe(1)
  })
  first.unmount()

  const second = await open(() => Promise.resolve('done'), 'report')
  expect(second.form.values.text).toBe('井盖缺失')
  expect(second.form.dirty.value).toBe(true)
  expect(await second.form.submit()).toBe('done')
  expect(sessionStorage.length).toBe(0)
})

async function openOvertaken(load: () => Promise<{ text: string; note: string }>) {
  let form: Form<{ text: string; note: string }, string> | undefined
  const versions: string[] = []
  let version = 'first'
  await show(
    defineComponent(() => {
      form = useForm({
        initial: { text: '', note: '' },
        submit: () => {
          versions.push(version)
          return version === 'first'
            ? Promise.reject(new ApiError(409, 'thing.changed', '请刷新后再试'))
            : Promise.resolve('sent')
        },
        overtaken: {
          code: 'thing.changed',
          load: async () => {
            const stands = await load()
            version = 'second'
            return stands
          },
        },
      })
      const made = form
      return () => h('p', `${made.message.value}|${made.fields.value['text'] ?? ''}`)
    }),
  )
  if (!form) throw new Error('not rendered')
  return { form, versions }
}

test('somebody was first: what was typed stays, the rest follows, and the next press is over the newer one', async () => {
  const { form, versions } = await openOvertaken(() =>
    Promise.resolve({ text: '别人写的', note: '别人记的' }),
  )
  form.values.text = '我写的'
  expect(await form.submit()).toBeUndefined()
  await waitFor(() => screen.getByText(/您填写期间别人保存过.*\|别人也改了这一项/))
  expect(form.values).toEqual({ text: '我写的', note: '别人记的' })
  expect(form.dirty.value).toBe(true)
  expect(await form.submit()).toBe('sent')
  expect(versions).toEqual(['first', 'second'])
  await waitFor(() => screen.getByText('|'))
})

test('what stands could not be had: it stays at the refusal, and the next press asks again', async () => {
  let asked = 0
  const { form } = await openOvertaken(() => {
    asked += 1
    return asked === 1
      ? Promise.reject(new ApiError(0, 'network', ''))
      : Promise.resolve({ text: '', note: '别人记的' })
  })
  form.values.text = '我写的'
  await form.submit()
  await waitFor(() => screen.getByText('请刷新后再试|'))
  expect(form.values.text).toBe('我写的')
  await form.submit()
  expect(await form.submit()).toBe('sent')
})
