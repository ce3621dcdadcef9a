// A component as the application shows it: Chinese, with a router, at an address.
import { render, type RenderResult } from '@testing-library/vue'
import type { Component } from 'vue'
import { createMemoryHistory, createRouter, type Router } from 'vue-router'

import { i18n, type Messages } from '../i18n'
import shared from '../i18n/zh'

export interface Shown extends RenderResult {
  router: Router
}

export async function show(
  component: Component,
  {
    props = {},
    at = '/',
    messages = {},
  }: { props?: Record<string, unknown>; at?: string; messages?: Messages } = {},
): Promise<Shown> {
  i18n.global.setLocaleMessage('zh-CN', { ...shared, ...messages })
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:rest(.*)*', component }],
  })
  await router.push(at)
  const result = render(component, { props, global: { plugins: [i18n, router] } })
  return Object.assign(result, { router })
}

/** Everything that was only waiting for promises has happened. */
export function flushPromises(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}
