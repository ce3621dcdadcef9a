import { expect, test } from 'vitest'

import { deedOf } from './work'

test.each([
  ['/api/uploads/01?part=1&parts=2', 'file'],
  ['/api/cases', 'report'],
  ['/api/cases/@/settle', 'settle'],
  ['/api/cases/01/hand-up', 'case_move'],
  ['/api/field/patrols/01/checks', 'check'],
  ['/api/field/duty/01/end', 'duty_off'],
  ['/api/unheard-of', 'other'],
])('what a phone sent to %s is said in a word', (path, deed) => {
  expect(deedOf(path)).toBe(deed)
})
