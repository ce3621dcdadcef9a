// Who looks after a grid on foot, to be charged with a patrol or a visit.
import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'

import { useLatest } from '@/shared/lists/useLatest'

import { isGrid } from '../../grids/model'
import { workersOf } from './model'

export interface Named {
  post_id: number
  name: string
}

export interface Choice extends Named {
  /** As it stands among the choices: name, role, unit. */
  said: string
}

/** With those of `chosen` who look after it no more: they are people, not numbers, until they are taken off. */
export function useGridWorkers(grid: () => string, chosen: () => readonly Named[]): ComputedRef<Choice[]> {
  const { t, locale } = useI18n()
  const workers = useLatest({
    about: () => (isGrid(grid()) ? grid() : undefined),
    ask: workersOf,
    waitMs: 0,
  })
  return computed(() => {
    const serving = (workers.value ?? []).map(({ post_id, name, unit, role_zh, role_en }) => ({
      post_id,
      name,
      said: `${name} · ${locale.value === 'en' ? role_en : role_zh} · ${unit}`,
    }))
    const gone = chosen().filter(({ post_id }) => serving.every((one) => one.post_id !== post_id))
    return [...serving, ...gone.map((one) => left(one, workers.value !== undefined))]
  })

  /** While the answer is not there nobody is said to have left. */
  function left({ post_id, name }: Named, isKnown: boolean): Choice {
    const said = isKnown ? t('field.plan.gone', { name }) : name
    return { post_id, name: said, said }
  }
}
