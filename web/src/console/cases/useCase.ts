// One case, whole: the latest request wins, and news of it bring it up to date without losing what is on the screen.
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'

import type { ApiError } from '@/shared/api/errors'
import { isAborted } from '@/shared/api/errors'
import { useErrors } from '@/shared/errors/useErrors'
import { language } from '@/shared/i18n/language'
import { RESET, useLive } from '@/shared/live/useLive'

import { loadCase } from './calls'
import { keep, keptCase } from './kept'
import type { CaseDetail } from './model'
import { caseNews } from './news'

/** Passing over cases with j and k asks only for the one where one stops. */
const SETTLE_MS = 120
const GATHER_MS = 300

export interface CaseOnScreen {
  one: ShallowRef<CaseDetail | undefined>
  loading: Ref<boolean>
  error: ShallowRef<ApiError | undefined>
  reload: () => Promise<void>
}

export function useCase(id: () => string | undefined): CaseOnScreen {
  const one = shallowRef<CaseDetail>()
  const loading = ref(false)
  const { error, capture, clear } = useErrors()
  let latest: AbortController | undefined
  let timer: number | undefined

  watch(id, turn, { immediate: true })
  // Labels and explanations come from the server in the reader's language.
  watch(language, () => void reload())
  useLive((event) => {
    const news = caseNews(event)
    const isMine = event.kind === RESET || news?.id === id()
    if (!isMine || !one.value) return
    if (news?.isClaim) one.value = { ...one.value, claim: news.row?.claim ?? null }
    // Taking over stands in the history, the other kinds of such news nowhere else.
    if (!news?.isClaim || news.move === 'taken_over') soon(GATHER_MS)
  })
  onScopeDispose(() => {
    window.clearTimeout(timer)
    latest?.abort()
  })
  return { one, loading, error, reload }

  function turn(now: string | undefined, before?: string): void {
    latest?.abort()
    window.clearTimeout(timer)
    clear()
    const ready = now === undefined ? undefined : keptCase(now)
    if (ready) {
      one.value = ready.one
      loading.value = false
      if (!ready.isFresh) soon(SETTLE_MS)
      return
    }
    if (!now) {
      one.value = undefined
      loading.value = false
      return
    }
    loading.value = true
    if (before) soon(SETTLE_MS)
    else void reload()
  }

  function soon(ms: number): void {
    window.clearTimeout(timer)
    timer = window.setTimeout(() => void reload(), ms)
  }

  async function reload(): Promise<void> {
    window.clearTimeout(timer)
    const asked = id()
    if (!asked) return
    latest?.abort()
    const mine = (latest = new AbortController())
    loading.value = true
    try {
      const found = await loadCase(asked, mine.signal)
      if (mine !== latest) return
      one.value = found
      keep(found)
      clear()
    } catch (caught) {
      if (mine !== latest || isAborted(caught)) return
      if (one.value?.id !== asked) one.value = undefined
      capture(caught)
    } finally {
      if (mine === latest) loading.value = false
    }
  }
}
