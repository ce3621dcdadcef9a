import { fireEvent, screen } from '@testing-library/vue'
import { expect, test } from 'vitest'
import { defineComponent, h, ref } from 'vue'

import { show } from '@/shared/testing/render'

import { usePromptKeys } from './usePromptKeys'

test('F2 passes by a panel with nothing to press, arrows walk within, Esc goes back to the field', async () => {
  await show(
    defineComponent(() => {
      const top = ref<HTMLElement | null>(null)
      const { toPrompts, inPrompts } = usePromptKeys(top)
      return () =>
        h('div', { ref: top }, [
          h('input', { onKeydown: toPrompts }),
          h('div', { onKeydown: inPrompts }, [
            h('section', { class: 'prompt' }, 'nothing yet'),
            h('section', { class: 'prompt' }, [h('button', 'read'), h('button', 'answered')]),
          ]),
        ])
    }),
  )
  const field = screen.getByRole('textbox')
  field.focus()
  await fireEvent.keyDown(field, { key: 'F2' })
  expect(document.activeElement?.textContent).toBe('read')
  await fireEvent.keyDown(screen.getByText('read'), { key: 'ArrowDown' })
  expect(document.activeElement?.textContent).toBe('answered')
  await fireEvent.keyDown(screen.getByText('answered'), { key: 'Escape' })
  expect(document.activeElement).toBe(field)
})
