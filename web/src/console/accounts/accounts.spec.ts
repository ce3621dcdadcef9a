import { fireEvent, screen, waitFor } from '@testing-library/vue'
import { beforeEach, describe, expect, test } from 'vitest'

import { me, type Me } from '@/shared/session/session'
import { answer, sent } from '@/shared/testing/network'
import { show } from '@/shared/testing/render'

import account from '../account/i18n.zh'
import ui from '../ui/i18n.zh'
import AccountActions from './AccountActions.vue'
import AccountsPage from './AccountsPage.vue'
import messages from './i18n.zh'
import { useHands, type Account } from './model'
import PostList from './PostList.vue'
import RolePermissions from './RolePermissions.vue'

const words = { accounts: messages, account, ui }
const POST = {
  id: 5,
  title: '',
  unit_id: 2,
  unit_name: '桃叶街道分中心',
  role: 'street_seat',
  role_name: '街道坐席',
}
const WORKER: Account = {
  id: 11,
  username: 'qian',
  name: '钱街道',
  phone: '138****0001',
  is_active: true,
  is_demo: false,
  must_change_password: false,
  has_password: true,
  has_totp: true,
  mark: 'aa',
  locked_until: '2999-01-01T00:00:00Z',
  posts: [POST],
}
const ROLES = [
  {
    code: 'street_seat',
    name: '街道坐席',
    power: 'work',
    permissions: ['case.read'],
    may_hold: ['case.read', 'case.accept'],
  },
  { code: 'administrator', name: '系统管理员', power: 'administration', permissions: [], may_hold: [] },
  { code: 'security_officer', name: '安全管理员', power: 'security', permissions: [], may_hold: [] },
  { code: 'auditor', name: '审计管理员', power: 'audit', permissions: [], may_hold: [] },
]

function signInAs(...permissions: string[]): void {
  const post = { ...POST, id: 1 }
  const user = { id: 1, name: '陈管理', username: 'chen' }
  const ends_at = '2026-11-20T12:00:00Z'
  me.value = {
    user,
    post,
    permissions,
    ranges: ['320104'],
    posts: [post],
    language: 'zh',
    ends_at,
  } satisfies Me
}

beforeEach(() => {
  answer('GET /api/roles', { status: 200, body: ROLES })
})

describe('an officer is offered what the powers allow', () => {
  test.each([
    ['account.edit', ['街道坐席', '系统管理员']],
    ['security.edit', ['安全管理员']],
    ['account.read', []],
  ])('with %s the posts of %j', async (permission, names) => {
    signInAs(permission)
    const hands = useHands()
    await hands.load()
    expect(hands.toGive().map(({ name }) => name)).toEqual(names)
  })

  test('nobody keeps an auditor, nor oneself', async () => {
    signInAs('account.edit', 'security.edit')
    const hands = useHands()
    await hands.load()
    expect(hands.mayChange({ ...WORKER, posts: [{ ...POST, role: 'auditor' }] })).toBe(false)
    expect(hands.mayChange({ ...WORKER, id: 1 })).toBe(false)
    expect(hands.mayChange(WORKER)).toBe(true)
  })

  test('the security officer unlocks anybody but resets no password of a worker', async () => {
    signInAs('account.read', 'security.edit')
    await show(AccountActions, { props: { account: WORKER, mayChange: false }, messages: words })
    expect(screen.getByRole('button', { name: '解除锁定' })).toBeTruthy()
    expect(screen.getByRole('button', { name: '重置二次验证' })).toBeTruthy()
    expect(screen.queryByRole('button', { name: '重置密码' })).toBeNull()
    expect(screen.queryByRole('button', { name: '停用' })).toBeNull()
  })
})

test('a post is offered only of the power that is held already', async () => {
  signInAs('account.read', 'security.edit')
  answer('GET /api/posts', { status: 200, body: { items: [], count: 0 } })
  const hands = useHands()
  await hands.load()
  await show(PostList, { props: { account: WORKER, hands }, messages: words })
  await screen.findByText('没有岗位')
  expect(screen.queryByRole('button', { name: '授予岗位' })).toBeNull()
})

test('a new password is shown until the officer says it is kept', async () => {
  signInAs('account.read', 'account.edit')
  answer('POST /api/accounts/11/reset-password', {
    status: 200,
    body: { account: { id: 11, name: '钱街道', username: 'qian' }, password: 'abcd-efgh' },
  })
  const shown = await show(AccountActions, { props: { account: WORKER, mayChange: true }, messages: words })
  await fireEvent.click(screen.getByRole('button', { name: '重置密码' }))
  await fireEvent.click(await screen.findByRole('button', { name: '确定' }))
  await screen.findByText('abcd-efgh')
  await fireEvent.click(screen.getByRole('button', { name: '我已记下' }))
  await waitFor(() => {
    expect(screen.queryByText('abcd-efgh')).toBeNull()
  })
  expect(shown.emitted()['changed']).toHaveLength(1)
})

test('another filter begins again at the first page', async () => {
  signInAs('account.read')
  answer('GET /api/accounts', { status: 200, body: { items: [WORKER], count: 400 } })
  await show(AccountsPage, { at: '/accounts?page=3', messages: words })
  await screen.findByText('钱街道')
  expect(screen.queryByRole('button', { name: '新建账号' })).toBeNull()
  await fireEvent.update(screen.getByLabelText('姓名或用户名'), '钱')
  await fireEvent.submit(screen.getByRole('search'))
  await waitFor(() => {
    expect(sent.at(-1)?.query).toMatchObject({ q: '钱', offset: '0' })
  })
})

describe('what a role may do', () => {
  const [role] = ROLES

  test('is changed by who may, within what its power may hold', async () => {
    signInAs('role.edit')
    answer('PATCH /api/roles/street_seat', { status: 200, body: role })
    await show(RolePermissions, { props: { role }, messages: words })
    await fireEvent.click(screen.getByRole('checkbox', { name: '受理、不予受理、定位、更正' }))
    await fireEvent.click(screen.getByRole('button', { name: '保存' }))
    await waitFor(() => {
      expect(sent.at(-1)?.body).toEqual({ permissions: ['case.read', 'case.accept'] })
    })
    expect(screen.queryByText('查看操作记录')).toBeNull()
  })

  test('is only read by others', async () => {
    signInAs('account.read')
    await show(RolePermissions, { props: { role }, messages: words })
    expect(screen.queryByRole('button', { name: '保存' })).toBeNull()
    expect(screen.queryByRole('checkbox', { name: '受理、不予受理、定位、更正' })).toBeNull()
  })
})
