// What a phone in the field needs, looked at one by one. Each is good, a warning, or bad, with what may be done.
import { now } from '@/shared/time/clock'

import { clockOff, TOLERATED_MS } from '../clock-check'
import { send } from '../net'
import { keptBytes, packAt } from '../pack/pack'
import { position, positionProblem } from '../place/position'
import { tally } from '../queue/queue'
import { ringing } from '../ringing/ringing'

export type Grade = 'good' | 'warn' | 'bad'

export interface Check {
  name: 'position' | 'server' | 'storage' | 'offline' | 'clock' | 'battery' | 'queue' | 'pack' | 'ringing'
  grade: Grade
  /** Key of `mine.checks.<name>.<say>`. */
  say: string
  values: Record<string, string | number>
}

interface Battery {
  level: number
  charging: boolean
}

const COARSE_M = 50
const MB = 1024 * 1024
const LITTLE_MB = 200
const LOW = 0.2
const OLD_MS = 12 * 3600_000

export async function allChecks(): Promise<Check[]> {
  return [
    checkPosition(),
    await checkServer(),
    await checkStorage(),
    await checkOffline(),
    checkClock(),
    ...(await checkBattery()),
    checkQueue(),
    await checkPack(),
    await checkRinging(),
  ]
}

function checkPosition(): Check {
  const at = position.value
  if (positionProblem.value === 'denied') return check('position', 'bad', 'denied')
  if (!at) return check('position', 'warn', 'none')
  const n = at.accuracy
  return n > COARSE_M ? check('position', 'warn', 'coarse', { n }) : check('position', 'good', 'fine', { n })
}

async function checkServer(): Promise<Check> {
  const begun = performance.now()
  const status = await send({ method: 'GET', path: '/health', timeoutMs: 10_000 }).then(
    (answer) => answer.status,
    () => 0,
  )
  const n = Math.round(performance.now() - begun)
  if (status !== 200) return check('server', 'bad', 'unreached')
  return n > 2000 ? check('server', 'warn', 'slow', { n }) : check('server', 'good', 'fine', { n })
}

async function checkStorage(): Promise<Check> {
  const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.().catch(() => undefined)) ?? {}
  const free = Math.round((quota - usage) / MB)
  const persisted = (await navigator.storage?.persisted?.().catch(() => false)) ?? false
  const values = { used: Math.round(usage / MB), free }
  if (free < LITTLE_MB) return check('storage', 'bad', 'full', values)
  return persisted ? check('storage', 'good', 'fine', values) : check('storage', 'warn', 'notKept', values)
}

async function checkOffline(): Promise<Check> {
  const ready = 'serviceWorker' in navigator && (await navigator.serviceWorker.getRegistration('/m/'))?.active
  return ready ? check('offline', 'good', 'fine') : check('offline', 'bad', 'none')
}

function checkClock(): Check {
  const off = Math.round(Math.abs(clockOff.value) / 1000)
  return off * 1000 > TOLERATED_MS
    ? check('clock', 'bad', 'off', { n: Math.round(off / 60) })
    : check('clock', 'good', 'fine', { n: Math.max(1, off) })
}

async function checkBattery(): Promise<Check[]> {
  const ask = (navigator as { getBattery?: () => Promise<Battery> }).getBattery
  const battery = await ask?.call(navigator).catch(() => undefined)
  if (!battery) return [check('battery', 'warn', 'unknown')]
  const n = Math.round(battery.level * 100)
  return [
    battery.level < LOW && !battery.charging
      ? check('battery', 'warn', 'low', { n })
      : check('battery', 'good', 'fine', { n }),
  ]
}

function checkQueue(): Check {
  const { waiting, stopped } = tally.value
  if (stopped > 0) return check('queue', 'bad', 'stopped', { n: stopped })
  return waiting > 0 ? check('queue', 'warn', 'waiting', { n: waiting }) : check('queue', 'good', 'empty')
}

async function checkPack(): Promise<Check> {
  const kb = Math.round((await keptBytes()) / 1024)
  if (!packAt.value) return check('pack', 'bad', 'none')
  const hours = Math.floor((now() - packAt.value) / 3600_000)
  return now() - packAt.value > OLD_MS
    ? check('pack', 'warn', 'old', { kb, n: hours })
    : check('pack', 'good', 'fine', { kb })
}

async function checkRinging(): Promise<Check> {
  const found = await ringing()
  return check('ringing', found === 'fine' ? 'good' : 'warn', found)
}

function check(name: Check['name'], grade: Grade, say: string, values: Check['values'] = {}): Check {
  return { name, grade, say, values }
}
