import { defineFeature } from '../features'

export default defineFeature({
  routes: [{ path: 'scan', component: () => import('./ScanPage.vue'), meta: { title: 'scan.title' } }],
})
