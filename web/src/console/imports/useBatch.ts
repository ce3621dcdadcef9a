// One import, asked again while the server works on it.
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'

import { useErrors, type Errors } from '@/shared/errors/useErrors'

import { isWorking, loadBatch, type Batch } from './model'

/** ms */
const AGAIN_AFTER = 1500

export interface FollowedBatch {
  batch: ShallowRef<Batch | undefined>
  error: Errors['error']
  load: () => Promise<void>
  put: (batch: Batch) => void
}

export function useBatch(id: string): FollowedBatch {
  const { error, capture, clear } = useErrors()
  const batch = shallowRef<Batch>()
  let timer: number | undefined

  onScopeDispose(() => {
    window.clearTimeout(timer)
  })

  return { batch, error, load, put }

  async function load(): Promise<void> {
    try {
      put(await loadBatch(id))
      clear()
    } catch (caught) {
      capture(caught)
    }
  }

  function put(found: Batch): void {
    batch.value = found
    window.clearTimeout(timer)
    if (isWorking(found)) timer = window.setTimeout(() => void load(), AGAIN_AFTER)
  }
}
