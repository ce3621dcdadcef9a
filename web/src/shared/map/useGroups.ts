// Points gathered into circles: one on a point picks it, one on a circle comes closer until the circle falls apart.
import type { GeoJSONSource, MapGeoJSONFeature } from 'maplibre-gl'

import { onLeaveMap, useMap } from './context'
import type { LonLat } from './geometry'

/** `source` is clustered; its points carry an `id`. */
export function useGroups(
  source: string,
  layers: { group: string; point: string },
  pick: (id: string) => void,
): void {
  const open = useMap()
  const { map, picks } = open

  picks.add(layers.point, ({ properties }) => {
    pick(String(properties['id']))
  })
  picks.add(layers.group, (group, at) => void comeCloser(group, at))
  onLeaveMap(open, () => {
    picks.remove(layers.point)
    picks.remove(layers.group)
  })

  async function comeCloser({ properties }: MapGeoJSONFeature, center: LonLat): Promise<void> {
    const id = Number(properties['cluster_id'])
    const zoom = await map.getSource<GeoJSONSource>(source)?.getClusterExpansionZoom(id)
    if (zoom !== undefined) map.easeTo({ center, zoom })
  }
}
