import { describe, expect, test } from 'vitest'

import consoleEnglish from '@/console/messages.en'
import consoleChinese from '@/console/messages.zh'
import mobileEnglish from '@/mobile/messages.en'
import mobileChinese from '@/mobile/messages.zh'
import publicEnglish from '@/public/messages.en'
import publicChinese from '@/public/messages.zh'
import type { Messages } from '@/shared/i18n'
import english from '@/shared/i18n/en'
import chinese from '@/shared/i18n/zh'

const sources = import.meta.glob<string>(['/src/**/*.{ts,vue}', '!/src/**/*.spec.ts'], {
  eager: true,
  query: '?raw',
  import: 'default',
})
const APPS = {
  console: { zh: consoleChinese, en: consoleEnglish },
  mobile: { zh: mobileChinese, en: mobileEnglish },
  public: { zh: publicChinese, en: publicEnglish },
  shared: { zh: chinese as Messages, en: english as Messages },
}

describe.each(Object.entries(APPS))('%s', (app, { zh, en }) => {
  test('has the same keys in both languages', () => {
    expect([...flat(en).keys()].sort()).toEqual([...flat(zh).keys()].sort())
  })

  test('has the same named places in both languages', () => {
    const inEnglish = flat(en)
    const different = [...flat(zh)].filter(([key, text]) => places(text) !== places(inEnglish.get(key) ?? ''))
    expect(different).toEqual([])
  })

  test('leaves no text empty', () => {
    expect([...flat(zh), ...flat(en)].filter(([, text]) => text.trim() === '')).toEqual([])
  })

  test('has every key that its pages name', () => {
    const keys = new Set(flat(zh).keys())
    const missing = [...used(app)].filter(([key]) => !keys.has(key))
    expect(missing).toEqual([])
  })
})

function flat(messages: Messages, prefix = ''): Map<string, string> {
  const pairs = Object.entries(messages).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[prefix + key, value]] : [...flat(value, `${prefix}${key}.`)],
  )
  return new Map(pairs)
}

function places(text: string): string {
  return (text.match(/\{\w+\}/g) ?? []).sort().join()
}

/** Keys written out in `t('…')` or as a title or label, with the file that names them. */
function used(app: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const [path, text] of Object.entries(sources)) {
    if (!path.startsWith(`/src/${app}/`)) continue
    for (const [, key] of text.matchAll(/(?:\bt\(|translate\(|title: |label: )'([a-zA-Z]\w*(?:\.\w+)+)'/g))
      if (key) found.set(key, path)
  }
  return found
}
