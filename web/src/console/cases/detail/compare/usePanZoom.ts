// One view for all panes that look together: moved and enlarged in one, it is so in the others. Shares of a pane, so
// that panes of different size show the same part.
import { computed, reactive } from 'vue'

export interface Point {
  /** From the middle of the pane, as a share of its width and height. */
  x: number
  y: number
}

export const LARGEST = 8
const STEP = 1.5

export interface PanZoom {
  readonly scale: number
  readonly isEnlarged: boolean
  readonly transform: string
  zoom: (factor: number, about?: Point) => void
  pan: (by: Point) => void
  enlarge: () => void
  reduce: () => void
  reset: () => void
}

export function usePanZoom(): PanZoom {
  const view = reactive({ scale: 1, x: 0, y: 0 })
  const transform = computed(
    () => `translate(${view.x * 100}%, ${view.y * 100}%) scale(${view.scale.toFixed(4)})`,
  )

  return {
    get scale() {
      return view.scale
    },
    get isEnlarged() {
      return view.scale > 1
    },
    get transform() {
      return transform.value
    },
    zoom,
    pan,
    enlarge: () => {
      zoom(STEP)
    },
    reduce: () => {
      zoom(1 / STEP)
    },
    reset: () => {
      Object.assign(view, { scale: 1, x: 0, y: 0 })
    },
  }

  /** What lies under `about` stays under it. */
  function zoom(factor: number, about: Point = { x: 0, y: 0 }): void {
    const scale = Math.min(LARGEST, Math.max(1, view.scale * factor))
    const by = scale / view.scale
    view.x = about.x - (about.x - view.x) * by
    view.y = about.y - (about.y - view.y) * by
    view.scale = scale
    keepInside()
  }

  function pan(by: Point): void {
    view.x += by.x
    view.y += by.y
    keepInside()
  }

  /** The picture's edge does not leave the pane's. */
  function keepInside(): void {
    const most = (view.scale - 1) / 2
    view.x = Math.min(most, Math.max(-most, view.x))
    view.y = Math.min(most, Math.max(-most, view.y))
  }
}
