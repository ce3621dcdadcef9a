// What is drawn and what it would do: the steps, the shapes under the hand, and the server's answer to all of it.
import { shallowRef, watch, type ShallowRef } from 'vue'

import type { Step } from './model'
import type { Shapes } from './net'
import { useEffectOf, type EffectOf } from './useEffectOf'
import { useSteps, type Steps } from './useSteps'

export interface Drawing {
  steps: Steps
  live: Omit<EffectOf, 'ask'>
  /** Shapes under the hand, before they are a step. */
  held: ShallowRef<Shapes | undefined>
  undo: () => void
  redo: () => void
  /** While a line or area is drawn: what it would do already, without being a step; undefined when it is given up. */
  sketch: (step: Step | undefined) => void
}

export function useDrawing(begun: readonly Step[], day: () => string): Drawing {
  const steps = useSteps()
  const { ask, ...live } = useEffectOf()
  const held = shallowRef<Shapes>()
  let sketched = false
  let filled: readonly Step[] | undefined

  steps.begin(begun)
  watch(
    [steps.steps, day],
    ([now], [before]) => {
      // Codes that an answer filled in ask for no other answer.
      if (now !== filled || now === before) work()
    },
    { immediate: true },
  )

  return { steps, live, held, undo: back(steps.undo), redo: back(steps.redo), sketch }

  /** What is on the map is what all steps together make. */
  function work(): void {
    sketched = false
    if (!day()) return
    if (steps.steps.value.length === 0) held.value = undefined
    ask(steps.steps.value, day(), ({ steps: found }) => {
      held.value = undefined
      filled = found as unknown as Step[]
      steps.fillIn(filled)
    })
  }

  function back(go: () => void): () => void {
    return () => {
      held.value = undefined // what was refused lies on the map no longer than its step is there
      go()
    }
  }

  function sketch(step: Step | undefined): void {
    if (step && day()) {
      sketched = true
      ask([...steps.steps.value, step], day())
    } else if (sketched) work()
  }
}
