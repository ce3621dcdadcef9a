// Puts what a person did into the queue, and says so where it could not be kept: the sheet then stays as it is.
import { ref, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'

import { faultOf } from '../store/faults'
import { enqueueAll, type NewEntry, type NewFile, type Parcel } from './queue'

export interface Keeping {
  /** Under way: a second tap makes nothing. */
  busy: Ref<boolean>
  /** Why it is not in the queue. */
  problem: Ref<string>
  /** False when it is not in the queue. */
  put: (entry: NewEntry, files?: NewFile[]) => Promise<boolean>
  putAll: (parcels: readonly Parcel[]) => Promise<boolean>
  /** For what puts by itself. */
  keeping: (work: () => Promise<unknown>) => Promise<boolean>
}

export function useKeeping(): Keeping {
  const { t } = useI18n()
  const busy = ref(false)
  const problem = ref('')

  async function keeping(work: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    problem.value = ''
    try {
      await work()
      return true
    } catch (error) {
      problem.value = t(`queue.notKept.${faultOf(error)}`)
      return false
    } finally {
      busy.value = false
    }
  }
  const putAll = (parcels: readonly Parcel[]) => keeping(() => enqueueAll(parcels))
  return { busy, problem, put: (entry, files = []) => putAll([{ entry, files }]), putAll, keeping }
}
