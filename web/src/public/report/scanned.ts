// The sign of a grid that led here: `/public/report?grid=CODE`, as it is printed by the house (wangge/cases/queries/served.py).
import { onMounted, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { useRoute } from 'vue-router'

import { api, call } from '@/shared/api/client'
import { ApiError } from '@/shared/api/errors'
import type { components } from '@/shared/api/schema'

export type MyGrid = components['schemas']['MyGridOut']

const GRID_CODE = /^\d{15}(\d{2})?$/

export interface Scanned {
  grid: ShallowRef<MyGrid | undefined>
  /** Why the sign counts for nothing: its grid is no more, or could not be asked for. */
  lost: Ref<'' | 'gone' | 'unread'>
  elsewhere: () => void
}

export function useScannedGrid(): Scanned {
  const route = useRoute()
  const grid = shallowRef<MyGrid>()
  const lost = ref<'' | 'gone' | 'unread'>('')

  onMounted(read)
  return { grid, lost, elsewhere: () => (grid.value = undefined) }

  async function read(): Promise<void> {
    const code = route.query['grid']
    if (code === undefined) return
    if (typeof code !== 'string' || !GRID_CODE.test(code)) {
      lost.value = 'gone'
      return
    }
    try {
      grid.value = await call(api.GET('/api/public/grids/{code}', { params: { path: { code } } }))
    } catch (error) {
      lost.value = error instanceof ApiError && error.status === 404 ? 'gone' : 'unread'
    }
  }
}
