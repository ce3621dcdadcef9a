// What would become of the ground, worked out before it is ordered: it holds for what was asked, not for what is asked now.
import { shallowRef, watch, type ShallowRef } from 'vue'

import { useErrors, type Errors } from '@/shared/errors/useErrors'

import type { Drawing } from './model'

export interface Trial extends Pick<Errors, 'error' | 'message' | 'fields'> {
  preview: ShallowRef<Drawing | undefined>
  workOut: () => Promise<void>
}

export function useTrial<T extends object>(values: T, ask: (values: T) => Promise<Drawing>): Trial {
  const { error, message, fields, capture, clear } = useErrors()
  const preview = shallowRef<Drawing>()

  watch(
    () => JSON.stringify(values),
    () => {
      preview.value = undefined
      clear()
    },
  )
  return { preview, workOut, error, message, fields }

  async function workOut(): Promise<void> {
    clear()
    try {
      preview.value = await ask({ ...values })
    } catch (caught) {
      capture(caught)
    }
  }
}
