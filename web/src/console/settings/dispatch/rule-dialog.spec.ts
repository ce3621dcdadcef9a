import { fireEvent, screen, waitFor } from '@testing-library/vue'
import { afterEach, expect, test, vi } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import { RouterView } from 'vue-router'

import messages from '@/console/messages.zh'
import { answer } from '@/shared/testing/network'
import { show } from '@/shared/testing/render'

import { emptyRule } from './model'
import RuleDialog from './RuleDialog.vue'

afterEach(() => {
  vi.unstubAllGlobals()
})

async function open(at: number, last: number) {
  const ask = vi.fn(() => false)
  vi.stubGlobal('confirm', ask)
  answer('GET /api/categories', { status: 200, body: { items: [] } })
  answer('GET /api/units', { status: 200, body: { items: [] } })
  const isOpen = ref(true)
  const Page = defineComponent(
    () => () =>
      isOpen.value
        ? h(RuleDialog, { rule: emptyRule('2026-11-21'), at, last, onClose: () => (isOpen.value = false) })
        : h('p', '走了'),
  )
  const { router } = await show(
    defineComponent(() => () => h(RouterView)),
    { messages },
  )
  router.addRoute({ path: '/form', component: Page })
  await router.push('/form')
  await screen.findByText('增加规则')
  const field = document.querySelector<HTMLInputElement>('input[aria-label=顺序]') // by its name is slow among so much
  if (!field) throw new Error('not rendered')
  return { ask, field, isOpen }
}

test(
  'a place past the last is asked about before an Escape takes it away, though none follows from it yet',
  { timeout: 20_000 }, // every part of the dialog is drawn: some seconds on a busy machine
  async () => {
    const { ask, field, isOpen } = await open(4, 4)
    await fireEvent.update(field, '9')
    await fireEvent.keyDown(document.body, { key: 'Escape', code: 'Escape' })
    await waitFor(() => {
      expect(ask).toHaveBeenCalledOnce()
    })
    expect([isOpen.value, field.value]).toEqual([true, '9'])
  },
)
