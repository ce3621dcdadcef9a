import { expect, test } from 'vitest'

import { groupsOf } from './permission-groups'

test('no permission is lost, also one that these pages do not know yet', () => {
  const permissions = ['case.read', 'case.new_act', 'grid.read', 'weather.read']
  expect(
    groupsOf(permissions)
      .flatMap((group) => group.permissions)
      .sort(),
  ).toEqual([...permissions].sort())
})

test('permissions stand in the order of a case, not of the alphabet', () => {
  expect(groupsOf(['case.accept', 'case.report', 'case.read'])[0]?.permissions).toEqual([
    'case.read',
    'case.report',
    'case.accept',
  ])
})
