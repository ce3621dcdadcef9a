import { describe, expect, it } from 'vitest'

import type { Track } from './pages'
import { drawn, momentAt, spanOf, speedAt } from './replay'

const MINUTE = 60_000
const track = {
  duty: [[0, 60 * MINUTE]],
  line: [],
  stops: [[MINUTE, 5 * MINUTE, 118.1, 32]],
  gaps: [[2 * MINUTE, 30 * MINUTE, 900]],
  positions: [
    [MINUTE, 118, 32, 5, 1],
    [2 * MINUTE, 118.2, 32, 5, 1],
    [30 * MINUTE, 119, 32, 5, 1],
  ],
} as unknown as Track

describe('a moment of a track', () => {
  it('lies between two positions', () => {
    const { place } = momentAt(track, 1.5 * MINUTE)
    expect(place?.[0]).toBeCloseTo(118.1)
  })
  it('is nowhere in a gap, and says why', () => {
    expect(momentAt(track, 10 * MINUTE)).toEqual({ place: undefined, why: 'inGap' })
    expect(momentAt(track, 90 * MINUTE)).toEqual({ place: undefined, why: 'offDuty' })
  })
  it('has a speed about it, as far as there is no gap', () => {
    const walk = { ...track, positions: Array.from({ length: 13 }, (_, n) => [n * 10_000, 118, 32 + n * 1e-4, 5, 1]) } as unknown as Track // prettier-ignore
    // 11.12 m each ten seconds
    expect(speedAt(walk, 60_000)).toBeCloseTo(4.0, 1)
    expect(speedAt(walk, 0)).toBeCloseTo(4.0, 1)
    expect(speedAt(walk, 120_000)).toBeCloseTo(4.0, 1)
    expect(speedAt(track, 10 * MINUTE)).toBeUndefined()
  })
  it('reaches from the beginning of duty to its end', () => {
    expect(spanOf(track)).toEqual([0, 60 * MINUTE])
  })
  it('draws a gap from where somebody was last to where they were next', () => {
    const gap = drawn(track, momentAt(track, MINUTE)).features.find(
      (one) => one.properties?.['kind'] === 'gap',
    )
    expect(gap?.geometry).toEqual({ type: 'LineString', coordinates: [[118.2, 32], [119, 32]] }) // prettier-ignore
  })
})
