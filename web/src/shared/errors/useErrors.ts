// One way of showing what went wrong: a sentence for the page, and one for each field.
import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import { useI18n } from 'vue-i18n'

import { ApiError, isAborted } from '../api/errors'
import type { Translate } from '../i18n/translate'

export interface Errors {
  error: ShallowRef<ApiError | undefined>
  message: ComputedRef<string>
  /** By field name, as the server names them. */
  fields: ComputedRef<Record<string, string>>
  /** Keeps an ApiError to show; ignores a call that was given up; throws on what is a bug. */
  capture: (error: unknown) => void
  clear: () => void
}

export function useErrors(): Errors {
  const { t } = useI18n()
  const error = shallowRef<ApiError>()

  return {
    error,
    message: computed(() => (error.value ? errorMessage(error.value, t) : '')),
    fields: computed(() => withWhatHolds(error.value?.fields ?? {})),
    capture(caught) {
      if (isAborted(caught)) return
      if (!(caught instanceof ApiError)) throw caught
      error.value = caught
    },
    clear() {
      error.value = undefined
    },
  }
}

/** A fault within a list or a group (`keywords.3`) is said at the field that holds it too, which is what is on the page. */
function withWhatHolds(fields: Record<string, string>): Record<string, string> {
  const holders = Object.entries(fields)
    .filter(([name]) => name.includes('.'))
    .map(([name, fault]) => [name.slice(0, name.indexOf('.')), fault])
    .reverse() // of several faults the first stays
  return { ...Object.fromEntries(holders), ...fields } as Record<string, string>
}

/** Of one field that holds others, the faults within it by their own names; its own where none is deeper. */
export function faultsWithin(fields: Record<string, string>, name: string): [string, string][] {
  const deeper = Object.entries(fields).filter(([one]) => one.startsWith(`${name}.`))
  return deeper.length > 0 ? deeper : Object.entries(fields).filter(([one]) => one === name)
}

/** The server's sentence; our own where it gave none (no network, a proxy's page). */
export function errorMessage(error: unknown, t: Translate): string {
  if (!(error instanceof ApiError)) return t('error.unexpected')
  if (error.isNetwork) return t('error.network')
  return error.message || t('error.http', { status: error.status })
}
