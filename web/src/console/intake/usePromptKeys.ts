// F2 goes to what the house knows already, from one panel to the next; arrows walk within, Esc goes back to the field.
import type { Ref } from 'vue'

const PANEL = '.prompt'
const PRESSED = 'a, button:not(:disabled), textarea'

export function usePromptKeys(top: Readonly<Ref<HTMLElement | null>>): {
  toPrompts: () => void
  inPrompts: (event: KeyboardEvent) => void
} {
  let from: HTMLElement | null = null

  function toPrompts(): void {
    // Only those where something can be done.
    const panels = [...(top.value?.querySelectorAll<HTMLElement>(PANEL) ?? [])].filter(
      (panel) => pressable(panel).length > 0,
    )
    const here = document.activeElement instanceof HTMLElement ? document.activeElement : null
    const at = panels.findIndex((panel) => panel.contains(here))
    if (at < 0) from = here
    const next = panels[at + 1]
    if (next) pressable(next)[0]?.focus()
    else goBack()
  }

  function inPrompts(event: KeyboardEvent): void {
    if (event.key === 'Escape') goBack()
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const here = event.target
    if (!by || !(here instanceof HTMLElement) || here.matches('textarea')) return
    const panel = here.closest<HTMLElement>(PANEL)
    if (!panel) return
    event.preventDefault()
    const all = pressable(panel)
    all[all.indexOf(here) + by]?.focus()
  }

  function goBack(): void {
    from?.focus()
  }

  return { toPrompts, inPrompts }
}

function pressable(panel: HTMLElement): HTMLElement[] {
  return [...panel.querySelectorAll<HTMLElement>(PRESSED)]
}
