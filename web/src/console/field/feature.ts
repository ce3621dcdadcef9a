import { Location } from '@element-plus/icons-vue'

import { defineFeature } from '../features'
import { PAGES } from './pages'

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
      path: 'field/errands',
      component: () => import('./ErrandsPage.vue'),
      meta: { title: 'field.errands.title', any: ['errand.give', 'field.watch'] },
    },
    {
      path: 'field/patrols',
      component: () => import('./PatrolsPage.vue'),
      meta: { title: 'field.patrols.title', any: ['field.watch', 'patrol.edit'] },
    },
    {
      path: 'field/patrols/new',
      component: () => import('./plan/PlanPage.vue'),
      meta: { title: 'field.plan.new', any: ['patrol.edit'] },
    },
    {
      path: 'field/patrols/:id([0-9a-f-]{36})',
      component: () => import('./plan/PlanPage.vue'),
      meta: { title: 'field.plan.one', any: ['field.watch', 'patrol.edit'] },
    },
    {
      path: 'field/visits',
      component: () => import('./VisitsPage.vue'),
      meta: { title: 'field.visits.title', any: ['field.watch', 'patrol.edit'] },
    },
    {
      path: 'field/visits/new',
      component: () => import('./plan/SubjectPage.vue'),
      meta: { title: 'field.subject.new', any: ['patrol.edit'] },
    },
    {
      path: 'field/visits/:id([0-9a-f-]{36})',
      component: () => import('./plan/SubjectPage.vue'),
      meta: { title: 'field.subject.one', any: ['patrol.edit'] },
    },
    {
      path: 'field/records',
      component: () => import('./records/RecordsPage.vue'),
      meta: { title: 'field.records.title', any: ['field.watch'] },
    },
    {
      path: 'field/forms',
      component: () => import('./FormsPage.vue'),
      meta: { title: 'field.forms.title', any: ['form.edit', 'field.watch'] },
    },
    {
      path: 'field/handed-in',
      component: () => import('./HandedInPage.vue'),
      meta: { title: 'field.handedIn.title', any: ['field.watch'] },
    },
    {
      path: 'field/terminals',
      component: () => import('./TerminalsPage.vue'),
      meta: { title: 'field.terminals.title', any: ['field.watch', 'terminal.edit'] },
    },
  ],
  rail: [{ part: 'command', to: '/field/on-duty', icon: Location, order: 60, pages: PAGES }],
})
