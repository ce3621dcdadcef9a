import { Avatar } from '@element-plus/icons-vue'

import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    {
      path: 'teams',
      component: () => import('./TeamsPage.vue'),
      meta: { title: 'teams.title', any: ['grid.read'] },
    },
    {
      path: 'teams/vacancies',
      component: () => import('./VacanciesPage.vue'),
      meta: { title: 'teams.vacancies', any: ['grid.read'] },
    },
  ],
  rail: [{ part: 'ground', to: '/teams', icon: Avatar, order: 30 }],
})
