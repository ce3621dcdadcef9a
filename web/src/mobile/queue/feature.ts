import { defineFeature } from '../features'

export default defineFeature({
  routes: [{ path: 'queue', component: () => import('./QueuePage.vue'), meta: { title: 'queue.title' } }],
})
