import { Grid, List, MapLocation, Monitor } from '@element-plus/icons-vue'

import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    { path: 'kit', component: () => import('./KitPage.vue'), meta: { title: 'kit.title' } },
    { path: 'kit/map', component: () => import('./KitMapPage.vue'), meta: { title: 'kit.map' } },
    { path: 'kit/states', component: () => import('./KitStatesPage.vue'), meta: { title: 'kit.states' } },
    {
      path: 'kit/forbidden',
      component: () => import('./KitStatesPage.vue'),
      meta: { title: 'kit.forbidden', any: ['no.such'] },
    },
  ],
  rail: [
    { part: 'house', to: '/kit', icon: Monitor, order: 900 },
    { part: 'house', to: '/kit/map', icon: MapLocation, order: 901 },
    { part: 'house', to: '/kit/states', icon: List, order: 902 },
    { part: 'house', to: '/kit/forbidden', icon: Grid, order: 903 },
  ],
})
