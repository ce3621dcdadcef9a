import 'fake-indexeddb/auto'

import { fireEvent, screen, waitFor } from '@testing-library/vue'
import { beforeEach, expect, test } from 'vitest'

import { now } from '@/shared/time/clock'
import { show } from '@/shared/testing/render'

import type { ErrandOut } from '../field'
import messages from '../messages.zh'
import { db } from '../store/db'
import { openKey } from '../store/seal'
import ErrandMoves from './ErrandMoves.vue'

const ERRAND = {
  id: 'e1',
  kind: 'task',
  title: '清理积水',
  moves: ['sign', 'ask_time'],
  form: null,
  needs_photo: false,
} as unknown as ErrandOut

beforeEach(async () => {
  Object.defineProperty(navigator, 'geolocation', {
    configurable: true,
    value: { watchPosition: () => 1, clearWatch: () => undefined },
  })
  await db.open()
  await Promise.all(db.tables.map((table) => table.clear()))
  await openKey('1.2', now() + 3600_000)
})

async function opened() {
  return await show(ErrandMoves, { props: { errand: ERRAND, pending: [] }, messages })
}

test('a form that is opened while a step is being kept stays open', async () => {
  await opened()
  await fireEvent.click(screen.getByRole('button', { name: '签收' }))
  await fireEvent.click(screen.getByRole('button', { name: '申请延期' }))
  await waitFor(async () => {
    expect(await db.entries.count()).toBe(1)
  })
  await waitForQueue()
  expect(screen.getByLabelText('说明')).toBeTruthy()
})

test('what is being written stays when nothing is left to do', async () => {
  const { rerender } = await opened()
  await fireEvent.click(screen.getByRole('button', { name: '申请延期' }))
  await fireEvent.update(screen.getByLabelText('说明'), '抽水泵明早才到')
  await rerender({ errand: { ...ERRAND, moves: [] } })
  expect((screen.getByLabelText('说明') as HTMLTextAreaElement).value).toBe('抽水泵明早才到')
})

/** Everything that follows keeping has been done. */
function waitForQueue(): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, 50)
  })
}
