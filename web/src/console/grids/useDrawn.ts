// What the map shows of divisions and grids: asked again when the view rests, the latest view wins.
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'

import { useErrors, type Errors } from '@/shared/errors/useErrors'
import type { View } from '@/shared/map'

import { drawnIn, type Drawn } from './model'

const NOTHING: Drawn = { type: 'FeatureCollection', features: [], level: 0, is_partial: false }

export interface DrawnView {
  drawn: ShallowRef<Drawn>
  message: Errors['message']
  look: (view: View) => Promise<void>
  again: () => Promise<void>
}

export function useDrawn(): DrawnView {
  const { message, capture, clear } = useErrors()
  const drawn = shallowRef(NOTHING)
  let latest: AbortController | undefined
  let shown: View | undefined

  onScopeDispose(() => latest?.abort())

  return { drawn, message, look, again: () => (shown ? look(shown) : Promise.resolve()) }

  async function look(view: View): Promise<void> {
    latest?.abort()
    const mine = (latest = new AbortController())
    shown = view
    try {
      const found = await drawnIn(view, mine.signal)
      if (mine !== latest) return
      drawn.value = found
      clear()
    } catch (error) {
      if (mine === latest) capture(error)
    }
  }
}
