import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    { path: 'mine', component: () => import('./MinePage.vue'), meta: { title: 'mine.title', tab: true } },
    { path: 'team', component: () => import('./TeamPage.vue'), meta: { title: 'mine.team' } },
    { path: 'check', component: () => import('./CheckPage.vue'), meta: { title: 'mine.check' } },
    {
      path: 'background',
      component: () => import('./BackgroundPage.vue'),
      meta: { title: 'mine.background' },
    },
    { path: 'post', component: () => import('./PostPage.vue'), meta: { title: 'mine.changePost' } },
  ],
})
