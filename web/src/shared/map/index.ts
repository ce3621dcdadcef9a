// The map, lazily: a page that imports from here loads MapLibre only when it shows a map.
//
//   <BaseMap :bounds @moved="load">
//     <GridLayer id="communities" :features :max-zoom="14" />
//     <CaseLayer :features @pick="open" />
//   </BaseMap>
import { defineAsyncComponent } from 'vue'

export { boundsOf, labelPoint, positionsOf, type Bounds, type LonLat } from './geometry'
export { defineLayers, type Legend, type MapLayer, type Picked } from './layers'
export type { View } from './BaseMapCanvas.vue'
export type { CasePoints } from './CaseLayer.vue'
export type { Areas } from './GridLayer.vue'

export const Aim = defineAsyncComponent(() => import('./Aim.vue'))
export const BaseMap = defineAsyncComponent(() => import('./BaseMapCanvas.vue'))
export const CaseLayer = defineAsyncComponent(() => import('./CaseLayer.vue'))
export const CellLayer = defineAsyncComponent(() => import('./CellLayer.vue'))
export const GridLayer = defineAsyncComponent(() => import('./GridLayer.vue'))
export const HeatLayer = defineAsyncComponent(() => import('./HeatLayer.vue'))
export const LabelLayer = defineAsyncComponent(() => import('./LabelLayer.vue'))
export const LineLayer = defineAsyncComponent(() => import('./LineLayer.vue'))
export const MeasureTool = defineAsyncComponent(() => import('./MeasureTool.vue'))
export const PointMarkers = defineAsyncComponent(() => import('./PointMarkers.vue'))
export const PlaceMarker = defineAsyncComponent(() => import('./PlaceMarker.vue'))
