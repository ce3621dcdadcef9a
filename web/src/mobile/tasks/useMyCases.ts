// Open cases of my grids, and of my unit, as my tasks.
import type { components } from '@/shared/api/schema'

import { get } from '../net'
import { useKept, type Kept } from '../store/kept'

export type CaseRow = components['schemas']['CaseRowOut']

export function useMyCases(): Kept<CaseRow[]> {
  return useKept<CaseRow[]>('cases', async (signal) => {
    const page = await get<components['schemas']['CasePageOut']>(
      '/api/cases?queue=open&sort=newest&limit=50',
      signal,
    )
    return page.items
  })
}
