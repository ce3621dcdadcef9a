import { screen } from '@testing-library/vue'
import { afterEach, expect, test } from 'vitest'

import { language } from '@/shared/i18n/language'
import { show } from '@/shared/testing/render'

import GridSign from './GridSign.vue'

const SIGN = {
  code: '320199001001001',
  name: '第1网格',
  community: '柳岸社区',
  street: '桃叶街道',
  district: '听澜区',
  supervision_phone: '12345',
  centre: '桃叶街道分中心',
  centre_phone: '025-1',
  team: [{ kind: 'chief' as const, name: '李格长', phone: '025-2' }],
  address: 'https://wg.example/public/report?grid=320199001001001',
  svg: '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
  english: false,
}

afterEach(() => {
  language.value = 'zh-CN'
})

test('a sign is Chinese, whatever language its officer works in', async () => {
  language.value = 'en'
  await show(GridSign, { props: { sign: SIGN } })
  const sign = screen.getByRole('article')
  expect(sign.getAttribute('lang')).toBe('zh-CN')
  for (const words of ['扫码反映身边事', '网格长', '值班电话', '监督电话']) screen.getByText(words)
  expect(sign.textContent).toMatch(/火情、伤病、人身危险/)
  expect(sign.textContent).not.toMatch(/[a-z]{3}/)
})

test('English stands beneath where the house says so', async () => {
  await show(GridSign, { props: { sign: { ...SIGN, english: true } } })
  expect(screen.getByText('Scan to report what you see').lang).toBe('en')
  expect(screen.getByText('Grid chief').parentElement?.textContent).toMatch(/^\s*网格长/)
})
