// What stands under an id, for cards and pages that may turn to another one: the latest asked for, or why it is not there.
// Without an id there is nothing, and nothing is asked for.
import { shallowRef, watch, type ShallowRef } from 'vue'

import { useErrors, type Errors } from '@/shared/errors/useErrors'

export interface Shown<T> {
  /** Stays while it is asked for again; an action's answer may be put here. */
  found: ShallowRef<T | undefined>
  error: Errors['error']
  load: () => Promise<void>
}

export function useShown<T>(id: () => string, ask: (id: string) => Promise<T>): Shown<T> {
  const { error, capture, clear } = useErrors()
  const found = shallowRef<T>()

  watch(id, turn, { immediate: true })
  return { found, error, load }

  function turn(): void {
    found.value = undefined // another's values never stand under this id
    void load()
  }

  async function load(): Promise<void> {
    clear()
    const asked = id()
    if (!asked) found.value = undefined
    if (!asked) return
    try {
      const answer = await ask(asked)
      if (asked === id()) found.value = answer
    } catch (caught) {
      if (asked === id()) capture(caught)
    }
  }
}
