import { AlarmClock, Collection, FirstAidKit, Finished } from '@element-plus/icons-vue'

import { defineFeature } from '../features'
import { PAGES } from './model'

export default defineFeature({
  routes: [
    {
      path: 'registry',
      component: () => import('./SearchPage.vue'),
      meta: { title: 'registry.title', any: ['registry.read'] },
    },
    {
      path: 'registry/quality',
      component: () => import('./QualityPage.vue'),
      meta: { title: 'registry.quality', any: ['registry.read'] },
    },
    {
      path: 'registry/cleaning',
      component: () => import('./CleaningPage.vue'),
      meta: { title: 'registry.cleaning', any: ['registry.read'] },
    },
    {
      path: 'registry/differences',
      component: () => import('./DifferencesPage.vue'),
      meta: { title: 'registry.differencesTitle', any: ['registry.read'] },
    },
    {
      path: 'registry/duplicates',
      component: () => import('./DuplicatesPage.vue'),
      meta: { title: 'registry.duplicates', any: ['registry.read'] },
    },
    {
      path: 'registry/approvals',
      component: () => import('./ApprovalsPage.vue'),
      meta: { title: 'registry.approvals', any: ['registry.approve'] },
    },
    {
      path: 'registry/merge',
      component: () => import('./MergePage.vue'),
      meta: { title: 'registry.merge', any: ['registry.edit'] },
    },
    {
      path: 'registry/new/:kind(person|household|dwelling|building|organisation|place|facility)',
      component: () => import('./RegisterPage.vue'),
      meta: { title: 'registry.register', any: ['registry.edit'] },
    },
    {
      path: 'registry/person/:id([0-9a-f-]{36})/seen',
      component: () => import('./SeenPage.vue'),
      meta: { title: 'registry.seen', any: ['registry.reveal'] },
    },
    {
      path: 'registry/grid/:code(\\d{12}|\\d{15}|\\d{17})',
      component: () => import('./GridFilePage.vue'),
      meta: { title: 'registry.gridFile.title', any: ['registry.read'] },
    },
    {
      path: 'registry/reminders',
      component: () => import('./RemindersPage.vue'),
      meta: { title: 'registry.reminders.title', any: ['registry.read'] },
    },
    {
      path: 'registry/care',
      component: () => import('./care/CarePage.vue'),
      meta: { title: 'registry.care.title', any: ['care.read'] },
    },
    {
      path: 'registry/:kind(person|household|dwelling|building|organisation|place|facility)/:id([0-9a-f-]{36})',
      component: () => import('./RecordPage.vue'),
      meta: { title: 'registry.file', any: ['registry.read'] },
    },
  ],
  rail: [
    { part: 'ground', to: '/registry', icon: Collection, order: 50 },
    { part: 'ground', to: '/registry/quality', icon: Finished, order: 60, pages: PAGES },
    { part: 'ground', to: '/registry/reminders', icon: AlarmClock, order: 65 },
    { part: 'ground', to: '/registry/care', icon: FirstAidKit, order: 70 },
  ],
})
