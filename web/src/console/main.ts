import 'element-plus/dist/index.css'
import '@/shared/base.css'
import './element.css'

import { startApp } from '@/shared/start'

import App from './App.vue'
import { rail } from './features'
import { router } from './router'

void start()

async function start(): Promise<void> {
  if (import.meta.env.VITE_KIT) await addKit()
  await startApp({
    app: App,
    router,
    messages: {
      'zh-CN': async () => (await import('./messages.zh')).default,
      en: async () => (await import('./messages.en')).default,
    },
  })
}

/** Every shared part on one page, for whoever builds pages; a build without VITE_KIT leaves it out. */
async function addKit(): Promise<void> {
  const { default: kit } = await import('./kit/feature')
  kit.routes.forEach((route) => router.addRoute('frame', route))
  rail.push(...(kit.rail ?? []))
}
