// Which of the cases of a list are chosen, to do one thing with all of them.
import { shallowRef, type ShallowRef } from 'vue'

export interface Chosen {
  ids: ShallowRef<ReadonlySet<string>>
  toggle: (id: string) => void
  /** From the one chosen last to this one, in the order of the list; both included. */
  through: (id: string, order: readonly string[]) => void
  clear: () => void
}

export function useChosen(): Chosen {
  const ids = shallowRef<ReadonlySet<string>>(new Set())
  let anchor: string | undefined

  return {
    ids,
    toggle(id) {
      const next = new Set(ids.value)
      if (!next.delete(id)) next.add(id)
      ids.value = next
      anchor = id
    },
    through(id, order) {
      const ends = [order.indexOf(anchor ?? id), order.indexOf(id)].filter((at) => at >= 0)
      const between = order.slice(Math.min(...ends), Math.max(...ends) + 1)
      ids.value = new Set([...ids.value, ...between])
      anchor = id
    },
    clear() {
      ids.value = new Set()
      anchor = undefined
    },
  }
}
