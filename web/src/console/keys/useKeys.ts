// Keys of the page in front: a component says which it answers, `?` lists them. Typing in a field never triggers one.
import { onScopeDispose, shallowReactive } from 'vue'

export interface Key {
  /** Message key of what it does, for the list under `?`. */
  label: string
  run: () => void
}

export type Keys = Record<string, Key>

const active = shallowReactive<Keys[]>([])

/** By `KeyboardEvent.key`, such as `j`, `Enter`, `/`. The component mounted last wins. */
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
  if (isBusy(event)) return
  const key = activeKeys()[event.key]
  if (!key) return
  event.preventDefault()
  key.run()
})

/** In a field, on a button that Enter presses, or under an open dialog the key has its own meaning. */
function isBusy({ target, key }: KeyboardEvent): boolean {
  const dialogs = [...document.querySelectorAll('[aria-modal="true"]')]
  if (dialogs.some((dialog) => dialog.getClientRects().length > 0)) return true
  if (!(target instanceof HTMLElement)) return false
  const pressed = key === 'Enter' || key === ' '
  return (
    target.isContentEditable ||
    target.matches(pressed ? 'input, textarea, select, button, a' : 'input, textarea, select')
  )
}
