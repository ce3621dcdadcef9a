// The steps of a proposal as one draws them up, with the way back and forth again.
import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue'

import type { Step } from './model'

export interface Steps {
  steps: ShallowRef<readonly Step[]>
  canUndo: ComputedRef<boolean>
  canRedo: ComputedRef<boolean>
  /** Whether anything was done since it was begun or kept. */
  dirty: ComputedRef<boolean>
  begin: (steps: readonly Step[]) => void
  /** These are on the server; the way back stays. */
  keep: (steps: readonly Step[]) => void
  add: (step: Step) => void
  undo: () => void
  redo: () => void
  /** As the server keeps them, with codes filled in: no step of its own. */
  fillIn: (steps: readonly Step[]) => void
}

export function useSteps(): Steps {
  const nothing: readonly Step[] = []
  const steps = shallowRef(nothing)
  const past = shallowRef<readonly (readonly Step[])[]>([])
  const future = shallowRef<readonly (readonly Step[])[]>([])
  const kept = shallowRef(nothing)

  return {
    steps,
    canUndo: computed(() => past.value.length > 0),
    canRedo: computed(() => future.value.length > 0),
    dirty: computed(() => steps.value !== kept.value),
    begin(found) {
      steps.value = kept.value = found
      past.value = future.value = []
    },
    keep(found) {
      kept.value = found
    },
    add(step) {
      past.value = [...past.value, steps.value]
      future.value = []
      steps.value = joined(steps.value, step)
    },
    undo() {
      const before = past.value[past.value.length - 1]
      if (!before) return
      future.value = [steps.value, ...future.value]
      past.value = past.value.slice(0, -1)
      steps.value = before
    },
    redo() {
      const [next, ...rest] = future.value
      if (!next) return
      past.value = [...past.value, steps.value]
      future.value = rest
      steps.value = next
    },
    fillIn(found) {
      if (found.length !== steps.value.length) return
      if (steps.value === kept.value) kept.value = found
      steps.value = found
    },
  }
}

/** Corners moved one after the other are one step, taken back one by one all the same. */
function joined(steps: readonly Step[], step: Step): readonly Step[] {
  const last = steps[steps.length - 1]
  if (last?.act !== 'shift' || step.act !== 'shift') return [...steps, step]
  return [...steps.slice(0, -1), { act: 'shift', shapes: { ...last.shapes, ...step.shapes } }]
}
