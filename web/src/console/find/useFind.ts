// What every room finds for the words, asked while typing; the latest answer wins.
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'

import { api, call } from '@/shared/api/client'
import { useErrors, type Errors } from '@/shared/errors/useErrors'
import { isAborted } from '@/shared/api/errors'

import type { Group } from './links'

const WAIT_MS = 180

export interface Finding {
  groups: ShallowRef<Group[]>
  /** The words that `groups` answer; empty while nothing was asked. */
  answered: Ref<string>
  asking: Ref<boolean>
  message: Errors['message']
  /** At once, without waiting for the next letter. */
  ask: () => Promise<void>
}

export function useFind(words: () => string): Finding {
  const { message, capture, clear } = useErrors()
  const groups = shallowRef<Group[]>([])
  const answered = ref('')
  const asking = ref(false)
  let timer: number | undefined
  let latest: AbortController | undefined

  watch(words, soon)
  onScopeDispose(() => {
    window.clearTimeout(timer)
    latest?.abort()
  })
  return { groups, answered, asking, message, ask }

  function soon(q: string): void {
    window.clearTimeout(timer)
    latest?.abort()
    asking.value = Boolean(q)
    if (q) timer = window.setTimeout(() => void ask(), WAIT_MS)
    else settle('', [])
  }

  async function ask(): Promise<void> {
    window.clearTimeout(timer)
    latest?.abort()
    const q = words()
    if (!q) return
    const mine = (latest = new AbortController())
    asking.value = true
    clear()
    try {
      const found = await call(api.POST('/api/find', { body: { q }, signal: mine.signal }))
      if (mine === latest) settle(q, found.groups)
    } catch (error) {
      if (mine !== latest || isAborted(error)) return
      settle('', [])
      capture(error)
    } finally {
      if (mine === latest) asking.value = false
    }
  }

  function settle(q: string, found: Group[]): void {
    answered.value = q
    groups.value = found
  }
}
