import { afterEach, expect, test, vi } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import { RouterView } from 'vue-router'

import { show } from '../testing/render'
import { useLeaveGuard } from './useLeaveGuard'

afterEach(() => {
  vi.unstubAllGlobals()
})

async function openForm(within: boolean) {
  const ask = vi.fn(() => false)
  vi.stubGlobal('confirm', ask)
  const Form = defineComponent(() => {
    useLeaveGuard(ref(true), { within })
    return () => h('p')
  })
  const Page = defineComponent(() => () => h(Form))
  const { router } = await show(defineComponent(() => () => h(RouterView)))
  router.addRoute({ path: '/form', component: Page })
  await router.push('/form?one=1')
  return { router, ask }
}

test('a form that another query of its page takes away is asked about first', async () => {
  const { router, ask } = await openForm(true)
  await router.replace('/form?one=2')
  expect([router.currentRoute.value.fullPath, ask.mock.calls.length]).toEqual(['/form?one=1', 1])
})

test('a form that stays while its page filters is not', async () => {
  const { router, ask } = await openForm(false)
  await router.replace('/form?one=2')
  expect([router.currentRoute.value.fullPath, ask.mock.calls.length]).toEqual(['/form?one=2', 0])
  await router.push('/elsewhere')
  expect(router.currentRoute.value.path).toBe('/form')
})
