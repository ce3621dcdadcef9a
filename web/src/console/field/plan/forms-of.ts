// Forms of some kinds that are in use, by the name in the reader's language.
import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'

import { api, call } from '@/shared/api/client'

import { useShown } from '../../ui/useShown'
import type { FieldForm } from '../work'

export function useFormsOf(kinds: readonly FieldForm['kind'][]): {
  forms: ComputedRef<FieldForm[]>
  nameOf: (form: FieldForm) => string
} {
  const { locale } = useI18n()
  const { found } = useShown<FieldForm[]>(
    () => kinds.join(),
    () => call(api.GET('/api/field/forms')),
  )
  const forms = computed(() =>
    (found.value ?? []).filter(({ kind, is_active }) => is_active && kinds.includes(kind)),
  )
  return { forms, nameOf: ({ name_zh, name_en }) => (locale.value === 'en' && name_en ? name_en : name_zh) }
}
