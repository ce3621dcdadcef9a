import '@/shared/base.css'
import '@/shared/vant.css'

import './phone.css'

import { createApp, watch } from 'vue'

import { me } from '@/shared/session/session'
import { config, loadConfig, type Config } from '@/shared/config/config'
import { i18n, startLanguages } from '@/shared/i18n'

import App from './App.vue'
import { takeKeptClock, watchClock } from './clock-check'
import { installWorker, watchOnline, watchTaps } from './offline'
import { handIn, watchEnvelopes } from './queue/hand-in'
import { watchQueue } from './queue/queue'
import { startSender } from './queue/sender'
import { startPack, watchPack } from './pack/pack'
import { ringHere } from './ringing/ringing'
import { router } from './router'
import { watchOwed } from './session/owed'
import { registerPhone, resume, watchKey, watchSession } from './session/who'
import { keepPlain, plain } from './store/db'
import { startDuty } from './today/duty'

void start()

async function start(): Promise<void> {
  takeKeptClock()
  await startLanguages({
    'zh-CN': async () => (await import('./messages.zh')).default,
    en: async () => (await import('./messages.en')).default,
  })
  await Promise.all([resume(), takeKeptConfig()])
  watchClock()
  watchOnline()
  watchQueue()
  watchKey()
  watchSession()
  watchOwed()
  watchEnvelopes()
  startSender()
  watchPack()
  watch(
    me,
    (person, before) => {
      if (person && !before) void Promise.all([startPack(), startDuty(), handIn()])
    },
    { immediate: true },
  )
  createApp(App).use(i18n).use(router).mount('#app')
  void renewConfig().then(registerPhone)
  watchTaps((path) => void router.push(path))
  void installWorker().then(ringHere)
}

/** The house's settings, so that a start without a network knows them. */
async function takeKeptConfig(): Promise<void> {
  const there = await plain<Config>('config').catch(() => undefined)
  if (there) config.value = there
  else await renewConfig()
}

async function renewConfig(): Promise<void> {
  try {
    await loadConfig()
    // The demonstration's accounts carry names.
    await keepPlain('config', { ...config.value, demo_accounts: [] })
  } catch {
    // Without a network the kept one holds.
  }
}
