// What a field offers that is searched on the server while one types: the latest answer wins.
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { useI18n } from 'vue-i18n'

import { isAborted } from '@/shared/api/errors'
import { errorMessage } from '@/shared/errors/useErrors'

export interface Choices<T> {
  found: ShallowRef<readonly T[]>
  loading: Ref<boolean>
  /** Why nothing could be found, in words; empty where all is well. */
  problem: Ref<string>
  search: (q: string) => Promise<void>
  /** The list was opened or closed. `kept`: how many stand in it without having been searched for. */
  opened: (isOpen: boolean, kept?: number) => void
}

/** `ask` is given what was typed, without the space around it. */
export function useChoices<T>(ask: (q: string, signal: AbortSignal) => Promise<readonly T[]>): Choices<T> {
  const { t } = useI18n()
  const found = shallowRef<readonly T[]>([])
  const loading = ref(false)
  const problem = ref('')
  let latest: AbortController | undefined

  async function search(q: string): Promise<void> {
    latest?.abort()
    const mine = (latest = new AbortController())
    loading.value = true
    problem.value = ''
    try {
      const choices = await ask(q.trim(), mine.signal)
      if (mine === latest) found.value = choices
    } catch (error) {
      if (mine === latest && !isAborted(error)) problem.value = errorMessage(error, t)
    } finally {
      if (mine === latest) loading.value = false
    }
  }

  function opened(isOpen: boolean, kept = 0): void {
    if (isOpen && found.value.length <= kept && !loading.value) void search('')
  }

  return { found, loading, problem, search, opened }
}
