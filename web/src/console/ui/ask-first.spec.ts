import { fireEvent, screen, waitFor } from '@testing-library/vue'
import { ElDialog, ElInput } from 'element-plus'
import { afterEach, expect, test, vi } from 'vitest'
import { computed, defineComponent, h, ref } from 'vue'
import { RouterView } from 'vue-router'

import { useLeaveGuard } from '@/shared/forms/useLeaveGuard'
import { show } from '@/shared/testing/render'

import { askFirst } from './askFirst'

afterEach(() => {
  vi.unstubAllGlobals()
})

async function openDialog() {
  const ask = vi.fn(() => false)
  vi.stubGlobal('confirm', ask)
  const Page = defineComponent(() => {
    const text = ref('')
    const leave = askFirst(useLeaveGuard(computed(() => text.value !== '')))
    return () =>
      h(ElDialog, { modelValue: true, lockScroll: false, title: '公告', beforeClose: leave }, () =>
        h(ElInput, {
          modelValue: text.value,
          ariaLabel: '标题',
          'onUpdate:modelValue': (typed: string) => (text.value = typed),
        }),
      )
  })
  const { router } = await show(defineComponent(() => () => h(RouterView)))
  router.addRoute({ path: '/form', component: Page })
  await router.push('/form')
  const field = await screen.findByLabelText('标题')
  const isShown = () => field.closest<HTMLElement>('.el-overlay')?.style.display !== 'none'
  return { ask, field, isShown }
}

async function press(key: string): Promise<void> {
  await fireEvent.keyDown(document.body, { key, code: key })
}

test('Escape leaves a dialog in which nothing was typed', async () => {
  const { ask, isShown } = await openDialog()
  await press('Escape')
  await waitFor(() => {
    expect(isShown()).toBe(false)
  })
  expect(ask).not.toHaveBeenCalled()
})

test('what was typed into a dialog is not lost by an Escape', async () => {
  const { ask, field, isShown } = await openDialog()
  await fireEvent.update(field, '停水通知')
  await press('Escape')
  await waitFor(() => {
    expect(ask).toHaveBeenCalledOnce()
  })
  expect(isShown()).toBe(true)
  expect((field as HTMLInputElement).value).toBe('停水通知')
})
