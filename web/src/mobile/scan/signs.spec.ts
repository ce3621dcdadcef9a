import { expect, test } from 'vitest'

import type { Pack } from '../field'
import { gridCodesIn, isNothing, knownHere } from './signs'

const TOKEN = 'k7'
const OTHER_DIGEST = 'ab'.repeat(32)

async function packOf(): Promise<Pack> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(TOKEN))
  const digest = [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return {
    grids: [
      { code: '320104001001001', name: '第一网格', type: 'general', polygon: null, address: '平江府路' },
    ],
    patrols: [
      { id: 'r1', plan: '早巡', points: [{ id: 1, name: '东门', code_sha256: OTHER_DIGEST }] },
      { id: 'r2', plan: '晚巡', points: [{ id: 2, name: '西门', code_sha256: digest }] },
    ],
  } as unknown as Pack
}

test.each([
  ['320104001001001', ['320104001001001']],
  ['https://house.example/public/report?grid=32010400100100102', ['32010400100100102']],
  ['320104001001001 320104001001001', ['320104001001001']],
  ['91320104MA1WANGG0X', []],
  ['3201040010010012', []],
  ['', []],
])('grid codes in %s', (text, codes) => {
  expect(gridCodesIn(text)).toEqual(codes)
})

test('a point of any round of today is known without a network', async () => {
  const { points } = await knownHere(`wangge:point:${TOKEN}`, await packOf())
  expect(points.map(({ round, point }) => [round.id, point.name])).toEqual([['r2', '西门']])
})

test('so is one’s own grid, and nothing else', async () => {
  const pack = await packOf()
  const { grids } = await knownHere('https://house.example/?grid=320104001001001', pack)
  expect(grids).toEqual([{ code: '320104001001001', name: '第一网格', address: '平江府路' }])
  expect(isNothing(await knownHere('320105001001001', pack))).toBe(true)
  expect(isNothing(await knownHere('wangge:point:other', pack))).toBe(true)
  expect(isNothing(await knownHere('320104001001001', undefined))).toBe(true)
})
