import { fireEvent, screen, waitFor } from '@testing-library/vue'
import { afterEach, expect, test } from 'vitest'

import { keepDraft } from '@/shared/forms/drafts'
import { answer } from '@/shared/testing/network'
import { show } from '@/shared/testing/render'

import cases from '../i18n.zh'
import ManyDialog from './ManyDialog.vue'
import { useRun } from './useRun'

afterEach(() => {
  useRun().forget()
})

test('Escape does not hide a batch of which something has no answer yet', async () => {
  const job = { id: 'a', number: 'WGa', title: '路灯', body: {}, key: 'k', result: 'waiting', why: '' }
  keepDraft('many', { kind: 'sign', label: '签收', jobs: [job] })
  let release: () => void = () => undefined
  answer('POST /api/cases/a/sign', async () => {
    await new Promise<void>((resolve) => (release = resolve))
    return { status: 200, body: { id: 'a', number: 'WGa', state: 'handling', version: 2 } }
  })
  await show(ManyDialog, { props: { which: undefined }, messages: { cases } })
  await fireEvent.click(await screen.findByRole('button', { name: cases.many.goOn }))
  const dialog = await screen.findByRole('dialog')
  await fireEvent.keyDown(dialog, { key: 'Escape', code: 'Escape' })
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(screen.getByRole('dialog')).toBeTruthy()
  expect(useRun().running.value).toBe(true)
  release()
  await waitFor(() => {
    expect(useRun().isOver.value).toBe(true)
  })
  await fireEvent.click(await screen.findByRole('button', { name: cases.many.close }))
  expect(useRun().batch.value).toBeUndefined()
})
