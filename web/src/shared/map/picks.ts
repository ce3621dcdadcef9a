// Who gets a click on the map: the layer drawn on top at that point, and nobody twice. A marker being placed gets all.
import type { Map, MapGeoJSONFeature, MapMouseEvent } from 'maplibre-gl'

import type { LonLat } from './geometry'

export type Pick = (feature: MapGeoJSONFeature, at: LonLat) => void

/** Pixels around the pointer that still count as hit: points are small, hands are not steady. */
const REACH = 4

export class Picks {
  private readonly layers = new globalThis.Map<string, Pick>()
  private placing: ((at: LonLat) => void) | undefined

  constructor(
    private readonly map: Map,
    private readonly missed: (at: LonLat) => void,
  ) {
    map.on('click', (event) => {
      this.click(event)
    })
    map.on('mousemove', (event) => {
      map.getCanvas().style.cursor = this.placing ? 'crosshair' : this.hit(event) ? 'pointer' : ''
    })
  }

  add(layer: string, pick: Pick): void {
    this.layers.set(layer, pick)
  }

  remove(layer: string): void {
    this.layers.delete(layer)
  }

  place(put: ((at: LonLat) => void) | undefined): void {
    this.placing = put
  }

  private click(event: MapMouseEvent): void {
    const at: LonLat = [event.lngLat.lng, event.lngLat.lat]
    if (this.placing) {
      this.placing(at)
      return
    }
    const feature = this.hit(event)
    if (feature) this.layers.get(feature.layer.id)?.(feature, at)
    else this.missed(at)
  }

  private hit({ point: { x, y } }: MapMouseEvent): MapGeoJSONFeature | undefined {
    const layers = [...this.layers.keys()].filter((layer) => this.map.getLayer(layer))
    const around: [[number, number], [number, number]] = [
      [x - REACH, y - REACH],
      [x + REACH, y + REACH],
    ]
    // An area is hit exactly, a point nearly.
    const [near] = this.map.queryRenderedFeatures(around, { layers })
    if (near?.geometry.type === 'Point') return near
    return this.map.queryRenderedFeatures([x, y], { layers })[0]
  }
}
