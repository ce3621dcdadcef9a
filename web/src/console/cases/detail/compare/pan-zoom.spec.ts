import { expect, test } from 'vitest'

import { LARGEST, usePanZoom } from './usePanZoom'

test('what lies under the pointer stays under it while the picture is enlarged', () => {
  const view = usePanZoom()
  view.zoom(2, { x: 0.25, y: -0.1 })
  // A point p of the picture is shown at x + p * scale: the one under the pointer was at p = 0.25.
  expect(view.transform).toBe('translate(-25%, 10%) scale(2.0000)')
})

test('the edge of the picture does not leave the pane', () => {
  const view = usePanZoom()
  view.pan({ x: 5, y: 5 })
  expect(view.transform).toBe('translate(0%, 0%) scale(1.0000)')
  view.zoom(3)
  view.pan({ x: 5, y: -5 })
  expect(view.transform).toBe('translate(100%, -100%) scale(3.0000)')
})

test('it is enlarged so far and no further, and reduced to the whole', () => {
  const view = usePanZoom()
  view.zoom(1000)
  expect(view.scale).toBe(LARGEST)
  view.pan({ x: 2, y: 2 })
  view.zoom(1 / 1000)
  expect(view.transform).toBe('translate(0%, 0%) scale(1.0000)')
})
