// What one person looked for lately, on this machine, until they sign out. Numbers of people (telephones, identity
// cards) are never kept; their names may be, and nobody else finds them.
import { ref, type Ref } from 'vue'

import { atSignOut, me } from '@/shared/session/session'

const MOST = 8
const PREFIX = 'wangge.find.'
const LONG_NUMBER = /\d{7,}/
/** Of our own cases: they name nobody. */
const CASE_NUMBER = /^wg\d+$/i

atSignOut(() => {
  dropAllBut('')
})

export function useRecent(): { recent: Ref<string[]>; keep: (q: string) => void; clear: () => void } {
  const recent = ref<string[]>([])
  const place = () => PREFIX + String(me.value?.user.id ?? 0)
  dropAllBut(place())
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

/** Whoever was here before may have left without signing out. */
function dropAllBut(place: string): void {
  Object.keys(localStorage)
    .filter((name) => name.startsWith(PREFIX) && name !== place)
    .forEach((name) => {
      localStorage.removeItem(name)
    })
}
