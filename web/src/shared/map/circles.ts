// Circles that share one shader program. MapLibre makes one for each choice of what is told by feature (radius, colour,
// border), when the first such circle comes into sight: without a graphics card a third of a second, in the middle of a
// movement. Where all three are told by feature, the one that is made while the map opens serves them all.
import type { ExpressionSpecification } from 'maplibre-gl'

/** The same for every feature, but told by feature. */
export function ofEach(value: number | string): ExpressionSpecification {
  return ['case', ['has', 'nothing'], value, value]
}
