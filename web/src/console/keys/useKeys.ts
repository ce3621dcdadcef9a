// Keys of the page in front: a component says which it answers, `?` lists them. Typing in a field never triggers one.
import { onScopeDispose, shallowReactive } from 'vue'

export interface Key {
  /** Message key of what it does, for the list under `?`. */
  label: string
  run: () => void
}

export type Keys = Record<string, Key>

/** ms within which the second key of two follows the first. */
const SEQUENCE_MS = 1500

const active = shallowReactive<Keys[]>([])
let first = ''
let timer: number | undefined

/**
 * By `KeyboardEvent.key`, such as `j`, `Enter`, `/`; two one after the other as `g 1`. The component mounted last wins.
 */
export function useKeys(keys: Keys): void {
  active.push(keys)
  onScopeDispose(() => {
    active.splice(active.indexOf(keys), 1)
  })
}

/** What is answered now, the winning meaning of each. */
export function activeKeys(): Keys {
  return Object.assign({}, ...active) as Keys
}

window.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
  if (event.key === 'Shift' || isBusy(event)) return
  const keys = activeKeys()
  const name = first ? `${first} ${event.key}` : event.key
  const isBeginning = !first && Object.keys(keys).some((other) => other.startsWith(`${name} `))
  wait(isBeginning ? name : '')
  const key = keys[name]
  if (key || isBeginning) event.preventDefault()
  key?.run()
})

function wait(name: string): void {
  window.clearTimeout(timer)
  first = name
  if (name) timer = window.setTimeout(wait, SEQUENCE_MS, '')
}

/** In a field, on a button that Enter presses, or under an open dialog the key has its own meaning. */
function isBusy({ target, key }: KeyboardEvent): boolean {
  const dialogs = [...document.querySelectorAll('[aria-modal="true"]')]
  if (dialogs.some((dialog) => dialog.getClientRects().length > 0)) return true
  if (!(target instanceof HTMLElement)) return false
  const pressed = key === 'Enter' || key === ' '
  return (
    target.isContentEditable ||
    target.matches(
      pressed ? 'input, textarea, select, button, a' : 'input:not([type=checkbox]), textarea, select',
    )
  )
}
