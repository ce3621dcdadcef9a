// Who works on this phone: kept sealed, so that the application starts without a network; asked again when there is one.
import { shallowRef } from 'vue'

import { api, call, onSessionLost } from '@/shared/api/client'
import { config } from '@/shared/config/config'
import { me, type Me, type SignInAnswer } from '@/shared/session/session'

import { onEndedFromElsewhere, post, send } from '../net'
import { deviceId } from '../queue/envelope'
import { ringNoMore } from '../ringing/ringing'
import { keep, kept } from '../store/kept'
import { destroyKey, keyHolds, keyOf, openKey, resumeKey } from '../store/seal'
import { wipe } from '../store/wipe'
import { endOwedSession, forgetOwed, oweSignOut } from './owed'

/** Why this phone was emptied, to be said on the sign-in page. */
export const emptied = shallowRef<{ why: 'ended' | 'remote' | 'other'; sealed: number; lost: number }>()

const tabs = 'BroadcastChannel' in window ? new BroadcastChannel('wangge.phone') : undefined

/** Takes up what is on this phone. A key whose time is over goes, and everything with it. */
export async function resume(): Promise<void> {
  const who = await resumeKey()
  if (who) me.value = (await kept<Me>('me').catch(() => undefined))?.value
  if (!me.value) await empty('ended')
  tabs?.addEventListener('message', () => {
    window.location.assign('/m/')
  })
}

/**
 * Signed in: the key of this person goes on or begins; what another left is sealed for the centre first. Goes on at `to`
 * in a new document: whoever was here before is in its memory (pack, duty, drafts).
 */
export async function entered(answer: SignInAnswer, to = '/'): Promise<void> {
  const person = answer.me ?? (await call(api.GET('/api/session')))
  const who = `${String(person.user.id)}.${String(person.post.id)}`
  const before = keyOf()
  if (before && before !== who) await empty('other')
  await openKey(who, endOf(person))
  await forgetOwed()
  await keep('me', person)
  if (before !== who) tabs?.postMessage('entered')
  window.location.replace(`/m${to}`)
}

/** This installation to the office: which terminal it is, of which version, and that its sessions can be ended there. */
export async function registerPhone(): Promise<void> {
  if (!me.value?.permissions.includes('field.work')) return
  const name = /\(([^)]*)\)/.exec(navigator.userAgent)?.[1]?.slice(0, 80) ?? ''
  await post('/api/field/terminal', {
    device: await deviceId(),
    name,
    version: config.value.version,
  }).catch(() => undefined)
}

/** Ends the session, here even without a network, and leaves nothing on the phone. */
export async function signOut(): Promise<void> {
  await oweSignOut(keyOf() ?? '')
  await endOwedSession()
  await Promise.all([wipe(), ringNoMore()])
  leave()
}

/** Somebody may end this session from elsewhere: any answer says so, and a feed that is refused makes us ask. */
export function watchSession(): void {
  onEndedFromElsewhere(() => void signedOutFromElsewhere())
  // Calls of the typed client (signing in, the feed's check) do not pass net.ts.
  onSessionLost(async () => {
    if (me.value) await send({ method: 'GET', path: '/api/session' }).catch(() => undefined)
    return false
  })
}

async function signedOutFromElsewhere(): Promise<void> {
  // Several calls are told at the same time, and a page without a key keeps nothing.
  if (!me.value) return
  me.value = undefined
  const [{ sealed, lost }] = await Promise.all([wipe(), ringNoMore()])
  sessionStorage.setItem('wangge.emptied', JSON.stringify({ why: 'remote', sealed, lost }))
  leave()
}

/** Looks from time to time whether the key still holds. */
export function watchKey(): void {
  window.setInterval(() => {
    if (me.value && !keyHolds()) void empty('ended').then(leave)
  }, 30_000)
}

async function empty(why: 'ended' | 'other'): Promise<void> {
  const [{ sealed, lost }] = await Promise.all([wipe(), ringNoMore()])
  me.value = undefined
  if (sealed + lost > 0) emptied.value = { why, sealed, lost }
  await destroyKey()
}

/** A new document: nothing of the person stays in memory, in any tab. */
function leave(): void {
  tabs?.postMessage('left')
  window.location.assign('/m/sign-in')
}

function endOf(person: Me): number {
  return Date.parse(person.ends_at)
}
