// Who works on this phone: kept sealed, so that the application starts without a network; asked again when there is one.
import { ref, watch } from 'vue'

import { api, call, onSessionLost } from '@/shared/api/client'
import { config } from '@/shared/config/config'
import { me, type Me, type SignInAnswer } from '@/shared/session/session'

import { clockOff, keepLearntClock } from '../clock-check'
import { askTime, onEndedFromElsewhere, post, send } from '../net'
import { deviceId } from '../queue/envelope'
import { ringNoMore } from '../ringing/ringing'
import { db } from '../store/db'
import { faultOf } from '../store/faults'
import { keep, kept } from '../store/kept'
import { keyHolds, keyMayHold, keyOf, openKey, resumeKey } from '../store/seal'
import { dropCopies, isNoise, unsentRows, wipe } from '../store/wipe'
import { emptied, forgetEmptied, tellEmptied, type Emptied } from './emptied'
import { endOwedSession, forgetOwed, oweSignOut } from './owed'

const tabs = 'BroadcastChannel' in window ? new BroadcastChannel('wangge.phone') : undefined

/** Of a network that does not answer at once: as long a start waits before a key whose time seems over goes. */
const SLOW_LINE_MS = 30_000

/**
 * Takes up what is on this phone. A key whose time is over goes, and everything with it; what was begun is ended. Where
 * only the house can say whether it is over, nobody is taken up and nothing goes (`waitsForTime`).
 */
export async function resume(): Promise<void> {
  const told = emptied()
  try {
    // A clock that is ahead ends no key while the house can be asked.
    const isTold = (await resumeKey()) !== undefined || !keyOf() || (await askTime())
    patientUntil = isTold ? 0 : performance.now() + SLOW_LINE_MS
    waitsForTime.value = mayBeInTime()
    if (!waitsForTime.value) {
      me.value = await personHere()
      if (!me.value) await empty(told?.stuck ? told.why : 'ended')
      else if (told?.stuck?.unread) forgetEmptied()
    }
  } catch (error) {
    // Unread is not over: the key may hold, and what it sealed is not sent.
    await tellStuck('ended', error, { unread: true })
  }
  tabs?.addEventListener('message', () => {
    window.location.assign('/m/')
  })
}

/** Undefined when no key holds, or it opens nobody. Throws what the store throws. */
async function personHere(): Promise<Me | undefined> {
  if (!keyHolds()) return undefined
  try {
    return (await kept<Me>('me'))?.value
  } catch (error) {
    if (isNoise(error)) return undefined
    throw error
  }
}

/**
 * Signed in: the key of this person goes on or begins; what another left is sealed for the centre first. Goes on at `to`
 * in a new document: whoever was here before is in its memory (pack, duty, drafts).
 */
export async function entered(answer: SignInAnswer, to = '/'): Promise<void> {
  const person = answer.me ?? (await call(api.GET('/api/session')))
  const who = `${String(person.user.id)}.${String(person.post.id)}`
  const before = keyOf()
  if (!((await isFreeFor(who)) && (await isKept(person, who)))) {
    // The house has let them in, and the phone has no room: not one without the other.
    await oweSignOut(who)
    await endOwedSession()
    leave()
    return
  }
  if (before !== who) tabs?.postMessage('entered')
  keepLearntClock()
  window.location.replace(`/m${to}`)
}

/** False when what another left cannot be sealed, or the store does not say whether somebody did. */
async function isFreeFor(who: string): Promise<boolean> {
  try {
    const before = (await db.keys.get('main'))?.who
    if (!before || before === who) return true
    return await empty(userOf(before) === userOf(who) ? 'post' : 'other')
  } catch (error) {
    await tellStuck('ended', error, { unread: true })
    return false
  }
}

async function isKept(person: Me, who: string): Promise<boolean> {
  try {
    await openKey(who, endOf(person))
    await forgetOwed()
    await keep('me', person).catch(async () => {
      await dropCopies()
      await keep('me', person)
    })
    return true
  } catch (error) {
    await tellStuck('ended', error)
    return false
  }
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
  const who = keyOf()
  if (who) await oweSignOut(who)
  await endOwedSession()
  await empty('left')
  leave()
}

/** Somebody may end this session from elsewhere: any answer says so, and a feed that is refused makes us ask. */
export function watchSession(): void {
  onEndedFromElsewhere(() => void end('remote'))
  // Calls of the typed client (signing in, the feed's check) do not pass net.ts.
  onSessionLost(async () => {
    if (me.value) await send({ method: 'GET', path: '/api/session' }).catch(() => undefined)
    return false
  })
}

/** The key's time is over by a clock that may have been set: nothing is shown until the house says what time it is. */
export const waitsForTime = ref(false)

/** By the page's own time. */
let patientUntil = 0

/** Not known to be over: the clock may have been set, or the start has asked the house and the line is slow. */
function mayBeInTime(): boolean {
  if (keyHolds() || !keyOf()) return false
  return keyMayHold() || (!me.value && navigator.onLine && performance.now() < patientUntil)
}

/** Looks from time to time whether the key still holds. */
export function watchKey(): void {
  window.setInterval(() => void lookAtKey(), 5_000)
  window.addEventListener('online', () => void lookAtKey())
  document.addEventListener('visibilitychange', () => void lookAtKey())
  // Any answer may have told the time.
  watch(clockOff, () => void lookAtKey())
}

let asking = false

async function lookAtKey(): Promise<void> {
  if (asking || !(me.value || waitsForTime.value)) return
  asking = true
  try {
    // Whom the start could not take up is taken up by the next, once the house has said that the key holds.
    const untaken = !me.value
    // An answer, also that it is over, leaves nothing to be patient for.
    if (!keyHolds() && (await askTime())) patientUntil = 0
    waitsForTime.value = mayBeInTime()
    if (waitsForTime.value) return
    if (untaken && keyHolds()) window.location.reload()
    else if (!keyHolds()) await end('ended', untaken)
  } finally {
    asking = false
  }
}

async function end(why: 'remote' | 'ended', untaken = false): Promise<void> {
  // Several calls are told at the same time, and a page without a key keeps nothing.
  if (!me.value && !untaken) return
  me.value = undefined
  await empty(why)
  leave()
}

/**
 * Nobody is on this phone any more, and what they left is sealed: false when there was no room for that. It is then still
 * here, for whoever made it or for the next try, and nobody sees it.
 */
export async function empty(why: Emptied['why']): Promise<boolean> {
  try {
    const [{ sealed, lost }] = await Promise.all([wipe(), ringNoMore().catch(() => undefined)])
    if (sealed + lost > 0) tellEmptied({ why, sealed, lost })
    else if (emptied()?.stuck?.unsent) forgetEmptied()
    return true
  } catch (error) {
    await tellStuck(why, error)
    return false
  } finally {
    me.value = undefined
  }
}

async function tellStuck(why: Emptied['why'], error: unknown, more: { unread?: true } = {}): Promise<void> {
  const unsent = await unsentRows().catch(() => [])
  const fault = faultOf(error) === 'full' ? 'full' : 'store'
  tellEmptied({ why, sealed: 0, lost: 0, stuck: { why: fault, unsent: unsent.length, ...more } })
}

/** A new document: nothing of the person stays in memory, in any tab. */
function leave(): void {
  tabs?.postMessage('left')
  window.location.assign('/m/sign-in')
}

/** The person in `user.post`. */
function userOf(who: string): string | undefined {
  return who.split('.')[0]
}

function endOf(person: Me): number {
  return Date.parse(person.ends_at)
}
