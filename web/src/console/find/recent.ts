// What one person looked for lately, on this machine. Numbers of people (telephones, identity cards) are never kept.
import { ref, type Ref } from 'vue'

import { me } from '@/shared/session/session'

const MOST = 8
const LONG_NUMBER = /\d{7,}/
/** Of our own cases: they name nobody. */
const CASE_NUMBER = /^wg\d+$/i

export function useRecent(): { recent: Ref<string[]>; keep: (q: string) => void; clear: () => void } {
  const recent = ref<string[]>([])
  const place = () => `wangge.find.${String(me.value?.user.id ?? 0)}`
  recent.value = read(place())

  function keep(q: string): void {
    const word = q.trim()
    if (!word || isPersonal(word)) return
    write([word, ...recent.value.filter((one) => one !== word)].slice(0, MOST))
  }

  function clear(): void {
    write([])
  }

  function write(words: string[]): void {
    recent.value = words
    localStorage.setItem(place(), JSON.stringify(words))
  }

  return { recent, keep, clear }
}

export function isPersonal(word: string): boolean {
  return !CASE_NUMBER.test(word) && LONG_NUMBER.test(word.replace(/[\s()\-–—.+]/g, ''))
}

function read(place: string): string[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(place) ?? '[]')
    return Array.isArray(found) ? found.filter((one) => typeof one === 'string') : []
  } catch {
    return []
  }
}
