// Who is signed in here, and what they may do. One person for each browser; other tabs are told when it changes.
import { computed, shallowRef, type ComputedRef } from 'vue'

import { api, call, onSessionLost } from '../api/client'
import { ApiError } from '../api/errors'
import type { components } from '../api/schema'
import { dropAllDrafts } from '../forms/drafts'
import { language } from '../i18n/language'

export type Me = components['schemas']['MeOut']
export type PostChoice = components['schemas']['PostOut']
export type SignInAnswer = components['schemas']['SignInOut']

/** What a post is called: its own title, or its role's name. Titles are in Chinese; who reads English gets the role. */
export function postName(post: PostChoice): string {
  return language.value === 'en' ? post.role_name : post.title || post.role_name
}

export const me = shallowRef<Me>()
/** True while a page stands that has lost its session: the sign-in dialog is over it. */
export const expired = shallowRef(false)

const tabs = 'BroadcastChannel' in window ? new BroadcastChannel('wangge.session') : undefined
let waiting: ((signedIn: boolean) => void)[] = []
const forgetting: (() => void)[] = [dropAllDrafts]

/** Asks who is signed in. Nobody, or somebody who has not finished signing in: `me` stays empty. */
export async function loadSession(): Promise<void> {
  try {
    me.value = await call(api.GET('/api/session'))
  } catch (error) {
    if (!(error instanceof ApiError) || (error.status !== 401 && error.status !== 403)) throw error
    me.value = undefined
  }
}

/** From here on a lost session opens the dialog instead of failing the call. */
export function watchSession(): void {
  onSessionLost((path) => (isStepOfSignIn(path) ? Promise.resolve(false) : renewed()))
  tabs?.addEventListener('message', () => void followOtherTab())
}

/** Says that the live feed was refused: the post may be gone. */
export async function checkSession(): Promise<void> {
  if (me.value) await call(api.GET('/api/session')).catch(() => undefined)
}

/** The last step of signing in. A page that waited goes on if it is still the same person in the same post. */
export async function completeSignIn(answer: SignInAnswer): Promise<void> {
  const before = me.value
  me.value = answer.me ?? (await call(api.GET('/api/session')))
  if (before && !isSame(before, me.value)) {
    startOver('/')
    return
  }
  goOn()
  tabs?.postMessage('changed')
}

/** What this machine keeps for the person alone ends with their signing out. */
export function atSignOut(forget: () => void): void {
  forgetting.push(forget)
}

export async function signOut(): Promise<void> {
  await call(api.DELETE('/api/session'))
  forgetting.forEach((forget) => {
    forget()
  })
  tabs?.postMessage('changed')
  startOver('/sign-in')
}

export async function switchPost(postId: number): Promise<void> {
  const answer = await call(api.POST('/api/session/post', { body: { post_id: postId } }))
  if (answer.status === 'totp_required') {
    // The new post asks for a second factor: what is left of signing in has its own page, where nothing else calls.
    startOver(`/sign-in?step=${answer.enrolling ? 'enrol' : 'totp'}`)
    return
  }
  tabs?.postMessage('changed')
  startOver('/')
}

export interface Permissions {
  may: (permission: string) => boolean
  mayAny: (permissions: readonly string[]) => boolean
}

/** Only shows or hides: the server decides each time. What may be done with one object comes with the object. */
export function usePermissions(): Permissions & { held: ComputedRef<ReadonlySet<string>> } {
  const held = computed<ReadonlySet<string>>(() => new Set(me.value?.permissions))
  return {
    held,
    may: (permission) => held.value.has(permission),
    mayAny: (permissions) => permissions.length === 0 || permissions.some((one) => held.value.has(one)),
  }
}

/** Nobody was signed in yet, or the dialog is already asking: a 401 is then an answer to show, not a loss. */
function isStepOfSignIn(path: string): boolean {
  return !me.value || (expired.value && /^\/api\/session(\/|$)/.test(path))
}

function renewed(): Promise<boolean> {
  expired.value = true
  return new Promise((resolve) => waiting.push(resolve))
}

function goOn(): void {
  expired.value = false
  const settled = waiting
  waiting = []
  settled.forEach((resolve) => {
    resolve(true)
  })
}

async function followOtherTab(): Promise<void> {
  const before = me.value
  const answer = await api.GET('/api/session').catch(() => undefined) // without a network the dialog stays, and asks here
  if (!before || !answer?.data) return
  if (isSame(before, answer.data)) goOn()
  else startOver('/')
}

function isSame(one: Me, other: Me): boolean {
  return one.user.id === other.user.id && one.post.id === other.post.id
}

/** A new document: nothing of the former person or post stays in memory. */
function startOver(path: string): void {
  window.location.assign(path)
}
