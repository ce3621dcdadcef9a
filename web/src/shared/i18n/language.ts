// Which language the reader chose. Alone in its file, so that the API client can ask without loading the messages.
import { ref } from 'vue'

export const LANGUAGES = ['zh-CN', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

const KEPT_AS = 'wangge.language'

export const language = ref<Language>(kept())

export function keepLanguage(chosen: Language): void {
  language.value = chosen
  try {
    localStorage.setItem(KEPT_AS, chosen)
  } catch {
    // Storage is switched off: the choice lasts for this page.
  }
}

function kept(): Language {
  try {
    return localStorage.getItem(KEPT_AS) === 'en' ? 'en' : 'zh-CN'
  } catch {
    return 'zh-CN'
  }
}
