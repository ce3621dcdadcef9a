import { fireEvent, screen, waitFor } from '@testing-library/vue'
import { defineComponent, h, ref } from 'vue'
import { expect, test } from 'vitest'

import { answer } from '@/shared/testing/network'
import { show } from '@/shared/testing/render'

import messages from './i18n.zh'
import PhotoPicker from './PhotoPicker.vue'
import type { Piece } from './pieces'

const UPLOAD = 'POST /api/public/evidence'

/** As the report's page holds it: what it names, and whether it may be sent yet. */
async function showPicker(): Promise<void> {
  const Page = defineComponent(() => {
    const pieces = ref<Piece[]>([])
    const busy = ref(false)
    return () => [
      h(PhotoPicker, {
        modelValue: pieces.value,
        'onUpdate:modelValue': (now: Piece[]) => (pieces.value = now),
        onBusy: (now: boolean) => (busy.value = now),
      }),
      h('output', `${busy.value ? '正在' : '已'}附：${pieces.value.map(({ id }) => id).join('、')}`),
    ]
  })
  await show(Page, { messages: { report: messages } })
}

async function choose(...names: string[]): Promise<void> {
  const files = names.map((name) => new File(['x'], name, { type: 'video/mp4' }))
  await fireEvent.change(screen.getByLabelText('拍照或从相册选', { selector: 'input' }), {
    target: { files },
  })
}

test('what was sent is named with the report until it is removed', async () => {
  answer(UPLOAD, { status: 201, body: { id: 'p1', token: 't1' } })
  await showPicker()
  await choose('井盖.mp4')
  await screen.findByText('已附：p1')
  await fireEvent.click(screen.getByRole('button', { name: '移除' }))
  await screen.findByText('已附：')
})

test('a photo removed while it is being sent is not named with the report', async () => {
  let arrive: ((reply: { status: number; body: unknown }) => void) | undefined
  answer(UPLOAD, () => new Promise((resolve) => (arrive = resolve)))
  await showPicker()
  await choose('自己的脸.mp4')
  await waitFor(() => {
    expect(arrive).toBeDefined()
  })
  await fireEvent.click(screen.getByRole('button', { name: '移除' }))
  arrive?.({ status: 201, body: { id: 'p1', token: 't1' } })
  await screen.findByText('已附：')
})
