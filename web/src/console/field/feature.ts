import { Location } from '@element-plus/icons-vue'

import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    {
      path: 'field/on-duty',
      component: () => import('./OnDutyPage.vue'),
      meta: { title: 'field.onDuty.title', any: ['field.watch'] },
    },
    {
      path: 'field/tracks',
      component: () => import('./TracksPage.vue'),
      meta: { title: 'field.tracks.title', any: ['field.watch'] },
    },
    {
      path: 'field/terminals',
      component: () => import('./TerminalsPage.vue'),
      meta: { title: 'field.terminals.title', any: ['field.watch', 'terminal.edit'] },
    },
  ],
  rail: [{ part: 'command', to: '/field/on-duty', icon: Location, order: 60 }],
})
