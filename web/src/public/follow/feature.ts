import { defineFeature } from '../features'

export default defineFeature({
  routes: [{ path: 'follow', component: () => import('./FollowPage.vue'), meta: { title: 'follow.title' } }],
  home: { to: '/follow', label: 'follow.title', hint: 'follow.hint', order: 20 },
})
