import { defineAsyncComponent } from 'vue'

import { defineLayers } from '@/shared/map'
import { MAP_COLOURS } from '@/shared/map/style'

export default defineLayers([
  {
    id: 'people',
    label: 'field.layer',
    order: 45,
    any: ['field.watch'],
    component: defineAsyncComponent(() => import('./PeopleLayer.vue')),
    legend: [
      { label: 'field.state.fresh', colour: MAP_COLOURS.fill, shape: 'point' },
      { label: 'field.state.quiet', colour: MAP_COLOURS.amber, shape: 'point' },
      { label: 'field.state.silent', colour: MAP_COLOURS.red, shape: 'point' },
    ],
  },
])
