// What steps would do, asked while one draws: the latest question wins, and what was known stays until it is answered.
import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'

import { api, call } from '@/shared/api/client'
import { ApiError, isAborted } from '@/shared/api/errors'
import { useErrors, type Errors } from '@/shared/errors/useErrors'

import type { Effect, Step } from './model'

/** ms after the last move of the hand */
const SOON = 200
/** ms after no answer came: nothing else asks again while nobody draws. */
const AGAIN = 3_000

export interface EffectOf {
  effect: ShallowRef<Effect | undefined>
  message: Errors['message']
  asking: Ref<boolean>
  ask: (steps: readonly Step[], day: string, done?: (effect: Effect) => void) => void
}

export function useEffectOf(): EffectOf {
  const effect = shallowRef<Effect>()
  const asking = ref(false)
  const { message, capture, clear } = useErrors()
  let latest: AbortController | undefined
  let timer: number | undefined

  onScopeDispose(() => {
    window.clearTimeout(timer)
    latest?.abort()
  })
  return { effect, message, asking, ask }

  function ask(steps: readonly Step[], day: string, done?: (effect: Effect) => void): void {
    window.clearTimeout(timer)
    latest?.abort()
    if (steps.length === 0) {
      effect.value = undefined
      asking.value = false
      clear()
      return
    }
    asking.value = true
    soon(SOON, [...steps], day, done)
  }

  function soon(wait: number, ...question: [Step[], string, ((effect: Effect) => void)?]): void {
    timer = window.setTimeout(() => void send(...question), wait)
  }

  async function send(steps: Step[], date: string, done?: (effect: Effect) => void): Promise<void> {
    const mine = (latest = new AbortController())
    try {
      const found = await call(api.POST('/api/plans/effect', { body: { steps, date }, signal: mine.signal }))
      if (mine !== latest) return
      effect.value = found
      clear()
      done?.(found)
    } catch (error) {
      if (isAborted(error)) return
      if (!(error instanceof ApiError)) throw error
      if (mine !== latest) return
      capture(error)
      if (error.isNetwork) soon(AGAIN, steps, date, done)
    } finally {
      if (mine === latest) asking.value = false
    }
  }
}
