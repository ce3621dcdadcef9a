import { fireEvent, screen, waitFor } from '@testing-library/vue'
import { beforeEach, expect, test } from 'vitest'

import messages from '@/console/messages.zh'
import { me, type Me } from '@/shared/session/session'
import { answer, sent } from '@/shared/testing/network'
import { show } from '@/shared/testing/render'

import { aCase } from '../testing'
import MoveBar from './MoveBar.vue'

const REFUSE = { kind: 'refuse', label: '不予受理', needs: ['reason'], claims: true }
const ACCEPT = { kind: 'accept', label: '受理', needs: [], claims: true }
const NOTE = { kind: 'note', label: '补充说明', needs: ['text'], claims: false }
const CLAIM = {
  post_id: 2,
  by_name: '毛思晨',
  by_unit: '听雨街道分中心',
  move: 'refuse',
  label: '不予受理',
  since: '2026-11-20T02:30:00Z',
  is_left: false,
}
const MINE = { ...CLAIM, post_id: 1, by_name: '我' }
const MOVED = { id: 'a', number: 'WGa', state: 'refused', version: 5 }

beforeEach(() => {
  me.value = { post: { id: 1 }, permissions: [] } as unknown as Me
  answer('POST /api/cases/a/claim', { status: 200, body: { claim: MINE, looking: [] } })
  answer('DELETE /api/cases/a/claim', { status: 204 })
})

async function open(more: Parameters<typeof aCase>[1]) {
  return await show(MoveBar, { props: { one: aCase('a', { version: 4, ...more }) }, messages })
}

test('a move without needs is done at one press, for the version on the screen', async () => {
  answer('POST /api/cases/a/accept', { status: 200, body: MOVED })
  const { emitted } = await open({ moves: [ACCEPT] })
  await fireEvent.click(screen.getByRole('button', { name: /受理/ }))
  await waitFor(() => {
    expect(emitted()['moved']).toHaveLength(1)
  })
  expect(sent[0]?.body).toEqual({ version: 4 })
  expect(sent[0]?.headers.get('Idempotency-Key')).toMatch(/^[0-9a-f-]{36}$/)
})

test('a form asks for what is needed and says what is missing before anything is sent', async () => {
  await open({ moves: [REFUSE] })
  await fireEvent.click(screen.getByRole('button', { name: '不予受理' }))
  await fireEvent.click(screen.getAllByRole('button', { name: '不予受理' })[0] as HTMLElement)
  expect(await screen.findByText('请写明理由。')).toBeTruthy()
  expect(sent.map(({ path }) => path)).toEqual(['/api/cases/a/claim'])
})

test('a conflict says who did what, keeps what was typed, and is sent again for the newer version', async () => {
  const sentence = '您打开之后，毛思晨 于 10:31:02 更正；请看过新的情况再操作。'
  answer('POST /api/cases/a/refuse', { status: 409, body: { code: 'case.changed', message: sentence } })
  const { emitted, rerender } = await open({ moves: [REFUSE] })
  await fireEvent.click(screen.getByRole('button', { name: '不予受理' }))
  await fireEvent.update(screen.getByLabelText('理由'), '不属于受理范围')
  await fireEvent.click(screen.getAllByRole('button', { name: '不予受理' })[0] as HTMLElement)

  expect(await screen.findByText(sentence)).toBeTruthy()
  await fireEvent.click(screen.getByRole('button', { name: /查看最新情况/ }))
  expect(emitted()['stale']).toHaveLength(1)

  await rerender({ one: aCase('a', { version: 5, moves: [REFUSE] }) })
  expect((screen.getByLabelText('理由') as HTMLTextAreaElement).value).toBe('不属于受理范围')
  answer('POST /api/cases/a/refuse', { status: 200, body: MOVED })
  await fireEvent.click(screen.getAllByRole('button', { name: '不予受理' })[0] as HTMLElement)
  await waitFor(() => {
    expect(emitted()['moved']).toHaveLength(1)
  })
  expect(sent.at(-1)?.body).toEqual({ version: 5, reason: '不属于受理范围' })
})

test('beginning a form takes the case up, closing it leaves it', async () => {
  await open({ moves: [REFUSE] })
  await fireEvent.click(screen.getByRole('button', { name: '不予受理' }))
  await waitFor(() => {
    expect(sent.at(-1)).toMatchObject({
      method: 'POST',
      path: '/api/cases/a/claim',
      body: { move: 'refuse' },
    })
  })
  await fireEvent.click(screen.getByRole('button', { name: '取消' }))
  await waitFor(() => {
    expect(sent.at(-1)).toMatchObject({ method: 'DELETE', path: '/api/cases/a/claim' })
  })
})

test('a note is open to everybody and takes nothing up', async () => {
  await open({ moves: [NOTE], claim: CLAIM })
  await fireEvent.click(screen.getByRole('button', { name: /补充说明/ }))
  expect(screen.getByLabelText('说明')).toBeTruthy()
  expect(sent).toHaveLength(0)
})

test('what another seat is at stands behind taking over, with a reason', async () => {
  await open({ moves: [REFUSE, NOTE], claim: CLAIM })
  expect(screen.getByText('听雨街道分中心 毛思晨 正在办理（不予受理）')).toBeTruthy()
  expect(screen.queryByRole('button', { name: '不予受理' })).toBeNull()
  answer('POST /api/cases/a/claim/take-over', { status: 200, body: { claim: MINE, looking: [] } })
  await fireEvent.click(screen.getByRole('button', { name: '接手…' }))
  await fireEvent.update(screen.getByLabelText('接手的理由（记入经过）'), '毛思晨已交班')
  await fireEvent.click(screen.getByRole('button', { name: '接手' }))
  expect(await screen.findByRole('button', { name: '不予受理' })).toBeTruthy()
  expect(sent.at(-1)?.body).toEqual({ move: 'refuse', reason: '毛思晨已交班' })
})

test('a refused taking over says why, by keys as by the button, and is sent once', async () => {
  await open({ moves: [REFUSE], claim: CLAIM })
  const refused = { status: 409, body: { code: 'case.claimed', message: '王五已先接手' } }
  answer('POST /api/cases/a/claim/take-over', refused)
  await fireEvent.click(screen.getByRole('button', { name: '接手…' }))
  const reason = screen.getByLabelText('接手的理由（记入经过）')
  await fireEvent.update(reason, '毛思晨已交班')
  await fireEvent.keyDown(reason, { key: 'Enter', ctrlKey: true })
  await fireEvent.submit(reason)
  expect(await screen.findByText('王五已先接手')).toBeTruthy()
  expect(sent.filter(({ path }) => path.endsWith('take-over'))).toHaveLength(1)
})

test('what was left is taken over at one press', async () => {
  await open({ moves: [REFUSE], claim: { ...CLAIM, is_left: true } })
  answer('POST /api/cases/a/claim/take-over', { status: 200, body: { claim: MINE, looking: [] } })
  await fireEvent.click(screen.getByRole('button', { name: '接手' }))
  expect(await screen.findByRole('button', { name: '不予受理' })).toBeTruthy()
})

test('a commander is told who is at it and need not take over', async () => {
  me.value = { post: { id: 1 }, permissions: ['case.command'] } as unknown as Me
  await open({ moves: [REFUSE], claim: CLAIM })
  expect(screen.getByText(/毛思晨 正在办理/)).toBeTruthy()
  expect(screen.queryByRole('button', { name: '接手…' })).toBeNull()
  expect(screen.getByRole('button', { name: '不予受理' })).toBeTruthy()
})

test('whoever was quicker is named, and the form shuts', async () => {
  answer('POST /api/cases/a/claim', {
    status: 409,
    body: { code: 'case.claimed', message: '正在办理', data: { claim: CLAIM } },
  })
  await open({ moves: [REFUSE] })
  await fireEvent.click(screen.getByRole('button', { name: '不予受理' }))
  expect(await screen.findByText(/毛思晨 正在办理/)).toBeTruthy()
  expect(screen.queryByLabelText('理由')).toBeNull()
})

test('whose case is taken over keeps what was typed, sees by whom, and cannot send', async () => {
  const { rerender } = await open({ moves: [REFUSE], claim: MINE })
  await fireEvent.click(screen.getByRole('button', { name: '不予受理' }))
  await fireEvent.update(screen.getByLabelText('理由'), '不属于受理范围')
  await rerender({ one: aCase('a', { version: 4, moves: [REFUSE], claim: CLAIM }) })
  expect(await screen.findByText('听雨街道分中心 毛思晨 已接手（不予受理）')).toBeTruthy()
  expect((screen.getByLabelText('理由') as HTMLTextAreaElement).value).toBe('不属于受理范围')
  expect((screen.getByRole('button', { name: '不予受理' }) as HTMLButtonElement).disabled).toBe(true)
})

const FINISH = { kind: 'finish', label: '处置完成', needs: ['text'], claims: false }
const PIECE = { id: 'p', name: '疏通后.jpg', kind: 'picture', variants: [], photo_type: 'after' }

async function finishWithPhoto(): Promise<ReturnType<typeof open>> {
  const opened = await open({ moves: [FINISH] })
  await fireEvent.click(screen.getByRole('button', { name: /处置完成/ }))
  await fireEvent.update(screen.getByLabelText('说明'), '管道已疏通')
  const photo = new File(['jpg'], '疏通后.jpg', { type: 'image/jpeg' })
  await fireEvent.change(screen.getByLabelText('添加照片或文件'), { target: { files: [photo] } })
  await fireEvent.keyDown(screen.getByLabelText('说明'), { key: 'Enter', ctrlKey: true })
  return opened
}

test('a form that is sent while a photo is on its way goes with the photo', async () => {
  let arrive = (): void => undefined
  const arrived = new Promise<void>((resolve) => (arrive = resolve))
  answer('POST /api/evidence', async () => {
    await arrived
    return { status: 201, body: PIECE }
  })
  answer('POST /api/cases/a/finish', { status: 200, body: MOVED })
  const { emitted } = await finishWithPhoto()
  await screen.findByText(/正在上传/)
  expect(sent.map(({ path }) => path)).toEqual(['/api/evidence'])
  arrive()
  await waitFor(() => {
    expect(emitted()['moved']).toHaveLength(1)
  })
  expect(sent.at(-1)?.body).toEqual({ version: 4, text: '管道已疏通', evidence: ['p'] })
})

test('a photo that was refused stops the form, which says so', async () => {
  const sentence = '这不是一张照片。'
  answer('POST /api/evidence', { status: 422, body: { code: 'evidence.type', message: sentence } })
  await finishWithPhoto()
  expect(await screen.findByText(sentence)).toBeTruthy()
  expect(sent.map(({ path }) => path)).toEqual(['/api/evidence'])
})
