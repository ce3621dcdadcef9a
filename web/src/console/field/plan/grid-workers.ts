// Who looks after a grid on foot, to be charged with a patrol or a visit.
import type { ShallowRef } from 'vue'
import { useI18n } from 'vue-i18n'

import { useLatest } from '@/shared/lists/useLatest'

import { isGrid } from '../../grids/model'
import { workersOf, type GridWorker } from './model'

export function useGridWorkers(grid: () => string): {
  workers: ShallowRef<GridWorker[] | undefined>
  labelOf: (worker: GridWorker) => string
} {
  const { locale } = useI18n()
  const workers = useLatest({
    about: () => (isGrid(grid()) ? grid() : undefined),
    ask: workersOf,
    waitMs: 0,
  })
  return {
    workers,
    labelOf: ({ name, unit, role_zh, role_en }) =>
      `${name} · ${locale.value === 'en' ? role_en : role_zh} · ${unit}`,
  }
}
