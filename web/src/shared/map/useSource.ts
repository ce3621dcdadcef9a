// One GeoJSON source with its layers: there while the component lives, refilled when the features change.
import type { FeatureCollection } from 'geojson'
import type {
  AddLayerObject,
  GeoJSONSource,
  GeoJSONSourceSpecification,
  LayerSpecification,
  Map,
} from 'maplibre-gl'
import { watch, type WatchSource } from 'vue'

import { onLeaveMap, useMap } from './context'

/** A layer without its source, which is added here. */
type WithoutSource<L> = L extends { source: string } ? Omit<L, 'source'> : never
export type LayerOf = WithoutSource<LayerSpecification>

/** What is drawn over what, whichever component happens to load first. */
export const RANK = { areas: 10, names: 30, points: 50 } as const

export interface SourceOptions<F extends FeatureCollection> {
  id: string
  rank: number
  /** A shallow source: replaced, never changed in place. */
  features: () => F
  layers: LayerOf[]
  source?: Partial<Omit<GeoJSONSourceSpecification, 'type' | 'data'>>
}

export function useSource<F extends FeatureCollection>(options: SourceOptions<F>): void {
  const open = useMap()
  const { map } = open
  const { id, rank, layers } = options

  map.addSource(id, { type: 'geojson', data: options.features(), ...options.source })
  layers.forEach((layer) => {
    const ranked = { ...layer, source: id, metadata: { rank } } as AddLayerObject
    map.addLayer(ranked, firstAbove(map, rank))
  })
  onLeaveMap(open, () => {
    layers.forEach((layer) => {
      map.removeLayer(layer.id)
    })
    map.removeSource(id)
  })
  watch(options.features as WatchSource<F>, (features) => {
    void map.getSource<GeoJSONSource>(id)?.setData(features)
  })
}

function firstAbove(map: Map, rank: number): string | undefined {
  return map.getLayersOrder().find((id) => {
    const metadata = map.getLayer(id)?.metadata as { rank?: number } | undefined
    return (metadata?.rank ?? 0) > rank
  })
}
