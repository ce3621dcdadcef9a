import { Setting } from '@element-plus/icons-vue'

import { defineFeature } from '../features'
import { READERS } from './pages'

export default defineFeature({
  routes: [
    {
      path: 'settings',
      component: () => import('./SettingsPage.vue'),
      meta: { title: 'settings.title', any: READERS },
    },
    {
      path: 'settings/categories',
      component: () => import('./categories/CategoriesPage.vue'),
      meta: { title: 'settings.categories', any: ['category.edit'] },
    },
    {
      path: 'settings/calendar',
      component: () => import('./calendar/CalendarPage.vue'),
      meta: { title: 'settings.calendar', any: ['calendar.edit'] },
    },
    {
      path: 'settings/dispatch',
      component: () => import('./dispatch/DispatchPage.vue'),
      meta: { title: 'settings.dispatch', any: ['rule.edit'] },
    },
    {
      path: 'settings/supervision',
      component: () => import('./SupervisionPage.vue'),
      meta: { title: 'settings.supervision', any: ['rule.edit'] },
    },
    {
      path: 'settings/mappings',
      component: () => import('./MappingsPage.vue'),
      meta: { title: 'settings.mappings', any: ['import.run'] },
    },
    {
      path: 'settings/history',
      component: () => import('./history/HistoryPage.vue'),
      meta: { title: 'settings.history', any: READERS },
    },
  ],
  rail: [{ part: 'house', to: '/settings', icon: Setting, order: 50 }],
})
