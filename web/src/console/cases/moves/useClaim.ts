// Who is at work on the case in front of one, and who else has it open. One heartbeat for both; news come by the feed.
import {
  computed,
  onScopeDispose,
  ref,
  shallowRef,
  watch,
  type ComputedRef,
  type Ref,
  type ShallowRef,
} from 'vue'

import { ApiError, isAborted } from '@/shared/api/errors'
import { me, usePermissions } from '@/shared/session/session'
import { now } from '@/shared/time/clock'

import type { CaseDetail } from '../model'
import { claimCase, lookAtCase, releaseCase, takeOverCase, type Claim, type Looking } from './claims'

/** ms on a case before one counts as looking: passing over it with j and k tells nobody anything. */
const SETTLED_MS = 1500
const BEAT_MS = 30_000
/** ms without a key or a movement after which nobody is at work here, whatever stands open. */
const IDLE_MS = 180_000

export interface AtCase {
  claim: ComputedRef<Claim | undefined>
  isMine: ComputedRef<boolean>
  /** Somebody else has it, so that one's own moves wait for taking over. */
  isShut: ComputedRef<boolean>
  /** It was one's own until somebody took it over. */
  isLost: Ref<boolean>
  looking: ShallowRef<readonly Looking[]>
  /** Takes the case up. False when another seat has it. */
  begin: (move: string) => Promise<boolean>
  takeOver: (move: string, reason: string) => Promise<void>
  release: () => Promise<void>
}

export function useClaim(one: () => CaseDetail): AtCase {
  const { may } = usePermissions()
  const held = shallowRef<Claim | undefined>(one().claim ?? undefined)
  const looking = shallowRef<readonly Looking[]>([])
  const isLost = ref(false)
  let timer: number | undefined
  let isSeen = false
  let activeAt = now()

  const isMine = computed(() => isOwn(held.value))
  const isShut = computed(() => held.value !== undefined && !isMine.value && !may('case.command'))

  watch(
    () => one().claim,
    (claim) => {
      take(claim ?? undefined)
    },
  )
  watch(() => one().id, turn)
  const signs = ['keydown', 'pointermove', 'pointerdown'] as const
  signs.forEach((sign) => {
    window.addEventListener(sign, markActive, { passive: true })
  })
  window.addEventListener('pagehide', leaveNow)
  onScopeDispose(() => {
    signs.forEach((sign) => {
      window.removeEventListener(sign, markActive)
    })
    window.removeEventListener('pagehide', leaveNow)
    leave(one().id)
  })
  beatIn(SETTLED_MS)

  return { claim: computed(() => held.value), isMine, isShut, isLost, looking, begin, takeOver, release }

  async function begin(move: string): Promise<boolean> {
    const { id } = one()
    try {
      const answer = await claimCase(id, move)
      if (id === one().id) take(answer.claim ?? undefined)
      // The form was closed, or the case left, while the answer was under way.
      else await releaseCase(id)
      return true
    } catch (error) {
      const claim = claimOf(error)
      if (!claim) throw error
      if (id === one().id) take(claim)
      return false
    }
  }

  async function takeOver(move: string, reason: string): Promise<void> {
    const { id } = one()
    const answer = await takeOverCase(id, move, reason)
    if (id !== one().id) return
    take(answer.claim ?? undefined)
  }

  async function release(): Promise<void> {
    if (!isMine.value) return
    held.value = undefined
    isSeen = false
    beatIn(SETTLED_MS)
    await releaseCase(one().id).catch(ignore)
  }

  function take(claim: Claim | undefined): void {
    if (isMine.value && claim && !isOwn(claim)) isLost.value = true
    if (isOwn(claim)) isLost.value = false
    held.value = claim
  }

  function turn(_id: string, before: string): void {
    leave(before)
    held.value = one().claim ?? undefined
    isLost.value = false
    looking.value = []
    beatIn(SETTLED_MS)
  }

  function leave(id: string): void {
    window.clearTimeout(timer)
    if (isMine.value || isSeen) void releaseCase(id).catch(ignore)
    isSeen = false
  }

  function leaveNow(): void {
    leave(one().id)
  }

  function beatIn(ms: number): void {
    window.clearTimeout(timer)
    timer = window.setTimeout(() => void beat(), ms)
  }

  async function beat(): Promise<void> {
    const { id } = one()
    const working = isMine.value && now() - activeAt < IDLE_MS
    if (working || document.visibilityState === 'visible') {
      isSeen = true
      const answer = await lookAtCase(id, working).catch(ignore)
      if (id !== one().id) return
      if (answer) {
        looking.value = answer.looking
        take(answer.claim ?? undefined)
      }
    }
    beatIn(BEAT_MS)
  }

  function markActive(): void {
    activeAt = now()
  }
}

export function isOwn(claim: Claim | null | undefined): boolean {
  return claim?.post_id !== undefined && claim.post_id === me.value?.post.id
}

/** Whose claim refused the move. */
export function claimOf(error: unknown): Claim | undefined {
  if (!(error instanceof ApiError) || error.code !== 'case.claimed') return undefined
  return error.data['claim'] as Claim
}

/** A heartbeat that fails is followed by the next; leaving cannot be helped any more. */
function ignore(error: unknown): undefined {
  if (!(error instanceof ApiError) && !isAborted(error)) throw error
  return undefined
}
