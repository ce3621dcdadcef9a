import 'fake-indexeddb/auto'

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { answer } from '@/shared/testing/network'
import { show } from '@/shared/testing/render'
import { now } from '@/shared/time/clock'

import { clockOff } from '../clock-check'
import messages from '../messages.zh'
import { packAt } from '../pack/pack'
import { position, positionProblem } from '../place/position'
import { entries } from '../queue/queue'
import { db, type EntryRow } from '../store/db'
import CheckPage from './CheckPage.vue'

const MB = 1024 * 1024
const HOUR = 3600_000

beforeEach(async () => {
  await db.open()
})
afterEach(() => {
  vi.unstubAllGlobals()
  clockOff.value = 0
  packAt.value = 0
  position.value = undefined
  positionProblem.value = 'none'
  entries.value = []
})

interface Phone {
  freeMb: number
  persisted: boolean
  worker: boolean
  level: number
}

/** What the browser says of it; no battery is told where `level` is 0. */
function is({ freeMb, persisted, worker, level }: Phone): void {
  vi.stubGlobal('navigator', {
    onLine: true,
    userAgent: '',
    language: 'zh-CN',
    geolocation: { watchPosition: () => 1, clearWatch: () => undefined },
    storage: {
      estimate: () => Promise.resolve({ quota: (freeMb + 40) * MB, usage: 40 * MB }),
      persisted: () => Promise.resolve(persisted),
      persist: () => Promise.resolve(persisted),
    },
    serviceWorker: { getRegistration: () => Promise.resolve(worker ? { active: {} } : undefined) },
    ...(level ? { getBattery: () => Promise.resolve({ level, charging: false }) } : {}),
  })
}

async function said(): Promise<string> {
  const page = await show(CheckPage, { messages })
  await expect.poll(() => page.queryByText('与服务器的连接'), { timeout: 5_000 }).not.toBeNull()
  const words = page.container.textContent ?? ''
  page.unmount() // while there is still a phone to stop following
  return words
}

test('a phone that is fit says so, with the size of what it keeps', async () => {
  is({ freeMb: 900, persisted: true, worker: true, level: 0.8 })
  answer('GET /health', { status: 200, body: {} })
  position.value = { lon: 118.79, lat: 32.02, accuracy: 12, speed: null, at: now() }
  packAt.value = now()
  const words = await said()
  for (const one of [
    '精度约 12 米。',
    '已用 40 MB，还可用 900 MB，不会被自动清除。',
    '已就绪，没有网络也能打开。',
    '电量 80%。',
    '全部已上传。',
    'KB，是最新的。',
  ])
    expect(words).toContain(one)
  expect(words).toMatch(/正常，\d+ 毫秒。/)
})

test('a phone that is not says each trouble and what to do about it', async () => {
  is({ freeMb: 30, persisted: false, worker: false, level: 0.1 })
  answer('GET /health', () => Promise.reject(new Error('no network')))
  positionProblem.value = 'denied'
  clockOff.value = 10 * 60_000
  entries.value = [{ state: 'stopped' } as EntryRow]
  packAt.value = now() - 20 * HOUR
  const words = await said()
  for (const one of [
    '未允许定位，请在系统设置中允许本应用使用位置。',
    '连不上服务器，内容会先保存在本机。',
    '只剩约 30 MB，请清理手机空间。',
    '尚未就绪。',
    '与服务器相差约 10 分钟，请打开“自动设置时间”。',
    '电量 10%，请及时充电',
    '有 1 项需要您处理。',
    '是 20 小时前的',
  ])
    expect(words).toContain(one)
})

test('a browser that tells nothing of its battery, and may throw away what it keeps, is told so', async () => {
  is({ freeMb: 900, persisted: false, worker: true, level: 0 })
  answer('GET /health', { status: 200, body: {} })
  const words = await said()
  expect(words).toContain('浏览器不提供电量。请确认没有打开省电模式')
  expect(words).toContain('请把本应用“添加到主屏幕”')
  expect(words).toContain('还没有保存到本机，请连上网络。')
})
