import { fireEvent, screen, waitFor } from '@testing-library/vue'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { api, call } from '@/shared/api/client'
import { expired, me, watchSession, type Me, type PostChoice } from '@/shared/session/session'
import { answer, sent } from '@/shared/testing/network'
import { show } from '@/shared/testing/render'

import ExpiredDialog from './ExpiredDialog.vue'
import messages from './i18n.zh'
import SignInFlow from './SignInFlow.vue'

const POSTS: [PostChoice, PostChoice] = [
  { id: 1, title: '', unit_id: 1, unit_name: '区中心', role: 'district_seat', role_name: '区中心坐席' },
  { id: 2, title: '', unit_id: 1, unit_name: '区中心', role: 'commander', role_name: '指挥长' },
]
const SEAT: Me = {
  user: { id: 7, name: '周明', username: 'seat' },
  post: POSTS[0],
  permissions: ['case.read'],
  ranges: ['320104'],
  posts: POSTS,
  language: 'zh',
  ends_at: '2026-11-20T12:00:00Z',
}

beforeEach(() => {
  me.value = undefined
  expired.value = false
})

async function open() {
  const shown = await show(SignInFlow, { props: { username: '' }, messages: { session: messages } })
  return { done: () => shown.emitted()['done']?.length ?? 0 }
}

async function typePassword(name: string): Promise<void> {
  await fireEvent.update(screen.getByLabelText('用户名'), name)
  await fireEvent.update(screen.getByLabelText('密码'), 'correct horse')
  await fireEvent.click(screen.getByRole('button', { name: '登录' }))
}

describe('signing in', () => {
  test('a wrong password is said and the name stays', async () => {
    answer('POST /api/session', {
      status: 401,
      body: { code: 'session.wrong', message: '用户名或密码不正确' },
    })
    const { done } = await open()
    await typePassword('seat')
    expect((await screen.findByRole('alert')).textContent).toBe('用户名或密码不正确')
    expect(screen.getByLabelText<HTMLInputElement>('用户名').value).toBe('seat')
    expect(done()).toBe(0)
  })

  test('goes through second factor and choice of post when asked', async () => {
    answer('POST /api/session', { status: 200, body: { status: 'totp_required', enrolling: false } })
    answer('POST /api/session/totp', { status: 200, body: { status: 'choose_post', posts: POSTS } })
    answer('POST /api/session/post', { status: 200, body: { status: 'signed_in', me: SEAT } })
    const { done } = await open()
    await typePassword('seat')
    await fireEvent.update(await screen.findByLabelText('动态验证码'), '123456')
    await fireEvent.click(await screen.findByRole('button', { name: /指挥长/ }))
    await waitFor(() => {
      expect(done()).toBe(1)
    })
    expect(sent.slice(1).map(({ body }) => body)).toEqual([{ code: '123456' }, { post_id: 2 }])
    expect(me.value?.user.name).toBe('周明')
  })

  test('a second factor that the unit asks for is set up on the way', async () => {
    const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
    answer('POST /api/session', { status: 200, body: { status: 'totp_required', enrolling: true } })
    answer('GET /api/session/totp', { status: 200, body: { secret, uri: 'otpauth://x', qr_svg: '<svg/>' } })
    answer('POST /api/session/totp', { status: 200, body: { status: 'signed_in', me: SEAT } })
    const { done } = await open()
    await typePassword('seat')
    await screen.findByText('JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP')
    expect(screen.getByRole('img', { name: '身份验证器二维码' }).getAttribute('src')).toContain('svg')
    await fireEvent.update(screen.getByLabelText('动态验证码'), '654321')
    await waitFor(() => {
      expect(done()).toBe(1)
    })
  })

  test('a first password must be changed, and is sent with the one just typed', async () => {
    answer('POST /api/session', { status: 200, body: { status: 'change_password' } })
    answer('POST /api/session/password', { status: 200, body: { status: 'signed_in', me: SEAT } })
    const { done } = await open()
    await typePassword('seat')
    await fireEvent.update(await screen.findByLabelText('新密码'), 'a much better one')
    await fireEvent.update(screen.getByLabelText('再次输入新密码'), 'another one')
    await fireEvent.click(screen.getByRole('button', { name: '保存新密码' }))
    await screen.findByText('两次输入的新密码不一致')
    await fireEvent.update(screen.getByLabelText('再次输入新密码'), 'a much better one')
    await fireEvent.click(screen.getByRole('button', { name: '保存新密码' }))
    await waitFor(() => {
      expect(done()).toBe(1)
    })
    expect(sent.at(-1)?.body).toEqual({ old: 'correct horse', new: 'a much better one' })
  })

  test('a locked account cannot press again before its time', async () => {
    const until = new Date(Date.parse('2999-01-01')).toISOString()
    answer('POST /api/session', {
      status: 429,
      body: { code: 'session.locked', message: '账户已锁定', data: { until } },
    })
    await open()
    await typePassword('seat')
    await screen.findByText(/还需等待/)
    await typePassword('seat')
    expect(sent).toHaveLength(1)
  })
})

describe('a lost session', () => {
  beforeAll(watchSession)

  test('the call waits for the person to sign in again, then goes on as it was', async () => {
    document.cookie = 'csrftoken=old'
    me.value = SEAT
    answer('POST /api/session/password', () => {
      const lost = sent.length === 1
      return lost
        ? { status: 401, body: { code: 'session.none', message: '' } }
        : { status: 200, body: { status: 'signed_in' } }
    })
    const waiting = call(api.POST('/api/session/password', { body: { old: 'a', new: 'b' } }))
    await waitFor(() => {
      expect(expired.value).toBe(true)
    })
    await show(ExpiredDialog, { messages: { session: messages } })
    answer('POST /api/session', () => {
      document.cookie = 'csrftoken=new'
      return { status: 200, body: { status: 'signed_in', me: SEAT } }
    })
    await fireEvent.update(await screen.findByLabelText('密码'), 'correct horse')
    await fireEvent.click(screen.getByRole('button', { name: '登录' }))
    await waiting
    expect(expired.value).toBe(false)
    expect(sent.at(-1)?.body).toEqual({ old: 'a', new: 'b' })
    expect(sent.at(-1)?.headers.get('X-CSRFToken')).toBe('new')
  })

  test('signing in in another tab lets this one go on; without a network it still asks', async () => {
    me.value = SEAT
    expired.value = true
    const otherTab = new BroadcastChannel('wangge.session')
    otherTab.postMessage('changed') // nobody answers
    await waitFor(() => {
      expect(sent).toHaveLength(1)
    })
    expect(expired.value).toBe(true)
    answer('GET /api/session', { status: 200, body: SEAT })
    otherTab.postMessage('changed')
    await waitFor(() => {
      expect(expired.value).toBe(false)
    })
    otherTab.close()
  })
})
