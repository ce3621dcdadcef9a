// Every layer of the console, found by itself, and which of them this person has on.
import { reactive, watch } from 'vue'

import type { MapLayer } from '@/shared/map'
import { usePermissions } from '@/shared/session/session'

const found = import.meta.glob<readonly MapLayer[]>('../*/map-layers.ts', { eager: true, import: 'default' })
const all = Object.values(found)
  .flat()
  .sort((one, other) => one.order - other.order)

/** Kept on the machine: people show what they work with. */
const KEPT = 'wangge.map.layers'

interface Kept {
  on: Record<string, boolean>
  choice: Record<string, string>
}

export interface Layers {
  /** Those this person may see. */
  layers: readonly MapLayer[]
  isOn: (layer: MapLayer) => boolean
  turn: (layer: MapLayer, on: boolean) => void
  choiceOf: (layer: MapLayer) => string
  choose: (layer: MapLayer, choice: string) => void
}

export function useLayers(): Layers {
  const { may } = usePermissions()
  const kept = reactive(readKept())
  watch(kept, () => {
    localStorage.setItem(KEPT, JSON.stringify(kept))
  })
  return {
    layers: all.filter(({ any }) => !any || any.some(may)),
    isOn: ({ id, on }) => kept.on[id] ?? on ?? false,
    turn: ({ id }, on) => {
      kept.on[id] = on
    },
    choiceOf: ({ id, choices }) => {
      const wanted = kept.choice[id]
      return choices?.some(({ value }) => value === wanted) ? (wanted ?? '') : (choices?.[0]?.value ?? '')
    },
    choose: ({ id }, choice) => {
      kept.choice[id] = choice
    },
  }
}

function readKept(): Kept {
  try {
    const { on = {}, choice = {} } = JSON.parse(localStorage.getItem(KEPT) ?? '{}') as Partial<Kept>
    return { on, choice }
  } catch {
    return { on: {}, choice: {} }
  }
}
