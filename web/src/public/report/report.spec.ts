import { fireEvent, screen, waitFor } from '@testing-library/vue'
import { beforeEach, expect, test, vi } from 'vitest'

import { answer, sent } from '@/shared/testing/network'
import { show } from '@/shared/testing/render'

import follow from '../follow/i18n.zh'
import { keptReports } from '../follow/kept'
import messages from './i18n.zh'
import ReportPage from './ReportPage.vue'
import { titleOf } from './title'

const words = { report: messages, follow }
const GRID = {
  code: '320104001001001',
  name: '第1网格',
  community: '柳岸社区',
  street: '桃叶街道',
  district: '测试区',
  supervision_phone: '',
  centre: '',
  centre_phone: '',
  team: [],
}

beforeEach(() => {
  answer('GET /api/public/categories', { status: 200, body: [] })
})

function standAt(longitude: number, latitude: number): void {
  vi.stubGlobal('navigator', {
    ...navigator,
    geolocation: {
      getCurrentPosition: (found: (at: unknown) => void) => {
        found({ coords: { longitude, latitude } })
      },
    },
  })
}

async function say(text: string): Promise<void> {
  await fireEvent.update(screen.getByLabelText('发生了什么'), text)
}

test('what is missing is said beside its place, and nothing is sent', async () => {
  await show(ReportPage, { messages: words })
  await fireEvent.click(screen.getByRole('button', { name: '提交' }))
  await screen.findByText('请说一说发生了什么')
  screen.getByText('请选位置，或写清地址')
  expect(sent.filter(({ method }) => method === 'POST')).toEqual([])
})

test('a report without a name says so, goes with its place, and is answered with number and code', async () => {
  standAt(118.8, 32)
  answer('GET /api/public/grid', { status: 200, body: GRID })
  answer('POST /api/public/reports', {
    status: 201,
    body: { number: 'A2025000001', follow_code: '12345678' },
  })
  await show(ReportPage, { messages: words })
  await say('井盖破了。晚上看不清。')
  await fireEvent.click(screen.getByRole('button', { name: '用我现在的位置' }))
  await screen.findByText('位置已选好：桃叶街道柳岸社区，第1网格')
  await fireEvent.click(screen.getByRole('button', { name: '提交' }))
  await screen.findByText('12345678')
  expect(sent.at(-1)?.body).toMatchObject({
    title: '井盖破了',
    description: '井盖破了。晚上看不清。',
    lon: 118.8,
    lat: 32,
    reporter: { is_anonymous: true, phone: '' },
  })
  expect(sent.at(-1)?.headers.get('Idempotency-Key')).toBeTruthy()
  expect(keptReports()).toEqual([])
  await fireEvent.click(screen.getByRole('button', { name: '保存在这台手机上' }))
  expect(keptReports()).toEqual([{ number: 'A2025000001', code: '12345678', title: '井盖破了' }])
})

test('a position that nobody serves is not sent', async () => {
  standAt(10, 10)
  answer('GET /api/public/grid', { status: 404, body: { code: 'not_found', message: '' } })
  await show(ReportPage, { messages: words })
  await say('井盖破了')
  await fireEvent.click(screen.getByRole('button', { name: '用我现在的位置' }))
  await screen.findByText(/不在服务范围内/)
  await fireEvent.click(screen.getByRole('button', { name: '提交' }))
  await screen.findByText('请选位置，或写清地址')
})

test('a scanned sign says whose grid it is, and the report goes there without another place', async () => {
  answer(`GET /api/public/grids/${GRID.code}`, {
    status: 200,
    body: { ...GRID, team: [{ kind: 'chief', name: '李格长', phone: '025-88880101' }] },
  })
  answer('POST /api/public/reports', { status: 201, body: { number: 'A1', follow_code: '12345678' } })
  await show(ReportPage, { messages: words, at: `/?grid=${GRID.code}` })
  await screen.findByText('李格长')
  expect(screen.getByRole('link', { name: '025-88880101' }).getAttribute('href')).toBe('tel:025-88880101')
  await say('井盖破了')
  await fireEvent.click(screen.getByRole('button', { name: '提交' }))
  await screen.findByText('12345678')
  expect(sent.at(-1)?.body).toMatchObject({ code: GRID.code, lon: null, lat: null, address: '' })
})

test('what is not where the sign hangs needs a place again', async () => {
  answer(`GET /api/public/grids/${GRID.code}`, { status: 200, body: GRID })
  await show(ReportPage, { messages: words, at: `/?grid=${GRID.code}` })
  await fireEvent.click(await screen.findByRole('button', { name: '事情不在这里' }))
  await say('井盖破了')
  await fireEvent.click(screen.getByRole('button', { name: '提交' }))
  await screen.findByText('请选位置，或写清地址')
})

test.each([
  [`/?grid=${GRID.code}`, 404, /网格已经调整/],
  [`/?grid=${GRID.code}`, 503, /暂时没有读到/],
  ['/?grid=1', 200, /网格已经调整/],
])('a sign that leads to no grid is said, and the page is the plain one: %s %i', async (at, status, said) => {
  answer(`GET /api/public/grids/${GRID.code}`, { status, body: { code: 'x', message: '' } })
  answer('POST /api/public/reports', { status: 201, body: { number: 'A1', follow_code: '12345678' } })
  await show(ReportPage, { messages: words, at })
  await screen.findByText(said)
  await say('井盖破了')
  await fireEvent.update(screen.getByLabelText('地址或标志物'), '桃叶路')
  await fireEvent.click(screen.getByRole('button', { name: '提交' }))
  await screen.findByText('12345678')
  expect(sent.at(-1)?.body).toMatchObject({ code: null, address: '桃叶路' })
})

test('a telephone chosen not to be left after all is not sent', async () => {
  answer('POST /api/public/reports', { status: 201, body: { number: 'A1', follow_code: '1' } })
  await show(ReportPage, { messages: words })
  await say('井盖破了')
  await fireEvent.update(screen.getByLabelText('地址或标志物'), '桃叶路')
  await fireEvent.click(screen.getByLabelText('留电话，方便核实和回复'))
  await fireEvent.update(await screen.findByLabelText('手机或座机'), '13800000000')
  await fireEvent.click(screen.getByLabelText('不留联系方式，用查询码看进度'))
  await fireEvent.click(screen.getByRole('button', { name: '提交' }))
  await waitFor(() => {
    expect(sent.at(-1)?.body).toMatchObject({ reporter: { phone: '', is_anonymous: true } })
  })
})

test('the title is the first sentence, and never too long for one line', () => {
  expect(titleOf('路灯不亮！已经三天了。')).toBe('路灯不亮')
  expect(titleOf('啊'.repeat(60))).toBe(`${'啊'.repeat(40)}…`)
  expect(titleOf('  v1.2 路牌  ')).toBe('v1.2 路牌')
  expect(titleOf('The lamp at the gate has been out for three days.')).toMatch(/three days\.$/)
  expect(titleOf(`${'broken lamp '.repeat(9)}`)).toBe(`${'broken lamp '.repeat(6).trim()} broken…`)
})
