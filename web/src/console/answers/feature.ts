import { ChatLineSquare } from '@element-plus/icons-vue'

import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    {
      path: 'answers',
      component: () => import('./AnswersPage.vue'),
      meta: { title: 'answers.title', any: ['case.read', 'answer.edit'] },
    },
    {
      path: 'answers/consultations',
      component: () => import('./ConsultationsPage.vue'),
      meta: { title: 'answers.consultations', any: ['case.accept'] },
    },
    {
      path: 'answers/new',
      component: () => import('./AnswerPage.vue'),
      meta: { title: 'answers.new', any: ['answer.edit'] },
    },
    {
      path: 'answers/:id(\\d+)',
      component: () => import('./AnswerPage.vue'),
      meta: { title: 'answers.one', any: ['case.read', 'answer.edit'] },
    },
  ],
  rail: [{ part: 'cases', to: '/answers', icon: ChatLineSquare, order: 40 }],
})
