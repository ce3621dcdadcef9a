// One vue-i18n instance for an application; each language is one chunk, loaded when it is chosen.
import { createI18n } from 'vue-i18n'

import { keepLanguage, language, type Language } from './language'

export { language, LANGUAGES, type Language } from './language'

export interface Messages {
  [key: string]: string | Messages
}
export type LoadMessages = Record<Language, () => Promise<Messages>>

export const i18n = createI18n({
  legacy: false,
  locale: language.value,
  fallbackLocale: 'zh-CN',
  messages: {} as Record<string, Messages>,
  missingWarn: import.meta.env.DEV,
  fallbackWarn: false,
})

let load: LoadMessages | undefined

/** Loads the kept language. Call once, before mounting. */
export async function startLanguages(messages: LoadMessages): Promise<void> {
  load = messages
  await switchLanguage(language.value)
}

export async function switchLanguage(chosen: Language): Promise<void> {
  if (load) i18n.global.setLocaleMessage(chosen, await load[chosen]())
  i18n.global.locale.value = chosen
  document.documentElement.lang = chosen
  keepLanguage(chosen)
}

/** `t` for code outside a component. Inside one: `const { t } = useI18n()`. */
export function translate(key: string, named: Record<string, unknown> = {}): string {
  return i18n.global.t(key, named)
}

/** Joins `./cases/i18n.zh.ts`, … into `{ cases: {…}, … }`: the folder's name is the first part of each key. */
export function byFolder(modules: Record<string, unknown>): Messages {
  return Object.fromEntries(
    Object.entries(modules).map(([path, messages]) => [path.split('/').at(-2) ?? path, messages as Messages]),
  )
}
