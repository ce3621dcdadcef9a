import { defineAsyncComponent } from 'vue'

import { defineLayers } from '@/shared/map'
import { HEAT_COLOURS, MAP_COLOURS } from '@/shared/map/style'

import { AGES, STATES } from './colours'

const LIMITS = [
  { label: 'countdown.green', colour: MAP_COLOURS.green, shape: 'point' },
  { label: 'countdown.amber', colour: MAP_COLOURS.amber, shape: 'point' },
  { label: 'countdown.red', colour: MAP_COLOURS.red, shape: 'point' },
  { label: 'map.cases.noLimit', colour: MAP_COLOURS.grey, shape: 'point' },
] as const
const points = (groups: readonly { label: string; colour: string }[]) =>
  groups.map(({ label, colour }) => ({ label, colour, shape: 'point' as const }))

export default defineLayers([
  {
    id: 'areas',
    label: 'map.layer.areas',
    order: 10,
    on: true,
    any: ['grid.read'],
    component: defineAsyncComponent(() => import('./layers/AreasLayer.vue')),
    legend: [
      { label: 'map.legend.general', colour: MAP_COLOURS.line, shape: 'area' },
      { label: 'map.legend.dedicated', colour: MAP_COLOURS.dedicated, shape: 'area' },
    ],
  },
  {
    id: 'borders',
    label: 'map.layer.borders',
    order: 20,
    on: true,
    any: ['grid.read'],
    component: defineAsyncComponent(() => import('./layers/BordersLayer.vue')),
    legend: [{ label: 'map.legend.borders', colour: MAP_COLOURS.border, shape: 'line' }],
  },
  {
    id: 'teams',
    label: 'map.layer.teams',
    order: 30,
    any: ['grid.read'],
    component: defineAsyncComponent(() => import('./layers/TeamsLayer.vue')),
    legend: [
      { label: 'map.legend.staffed', colour: MAP_COLOURS.green, shape: 'point' },
      { label: 'map.legend.noWorker', colour: '#8a5300', shape: 'point' },
      { label: 'map.legend.noChief', colour: MAP_COLOURS.red, shape: 'point' },
    ],
  },
  {
    id: 'cases',
    label: 'map.layer.cases',
    order: 40,
    on: true,
    any: ['case.read'],
    component: defineAsyncComponent(() => import('./layers/CasesLayer.vue')),
    choices: [
      { value: 'limit', label: 'map.cases.byLimit' },
      { value: 'state', label: 'map.cases.byState' },
      { value: 'age', label: 'map.cases.byAge' },
    ],
    legend: (choice) => (choice === 'state' ? points(STATES) : choice === 'age' ? points(AGES) : LIMITS),
  },
  {
    id: 'heat',
    label: 'map.layer.heat',
    order: 50,
    any: ['case.read'],
    component: defineAsyncComponent(() => import('./layers/HeatedLayer.vue')),
    choices: [
      { value: '7', label: 'map.heat.week' },
      { value: '30', label: 'map.heat.month' },
      { value: '90', label: 'map.heat.quarter' },
    ],
    legend: HEAT_COLOURS.map((colour, index) => ({
      label: `map.heat.step${String(index)}`,
      colour,
      shape: 'cell' as const,
    })),
  },
  {
    id: 'places',
    label: 'map.layer.places',
    order: 60,
    any: ['grid.read'],
    minZoom: 14,
    component: defineAsyncComponent(() => import('./layers/PlacesLayer.vue')),
    legend: [{ label: 'map.legend.place', colour: '#4a5868', shape: 'point' }],
  },
])
