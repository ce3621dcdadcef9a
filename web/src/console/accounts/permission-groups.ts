// Permissions in the order in which a person thinks of them: first by group, then as a case goes its way.

const CASES =
  'read report accept dispatch command handle self_handle hand_up whistle review extend supervise reopen archive export'
const GROUPS: Record<string, readonly string[]> = {
  cases: [
    ...CASES.split(' ').map((act) => `case.${act}`),
    'whistle.confirm',
    'reporter.read',
    'dashboard.read',
  ],
  command: [
    'duty.edit',
    'order.give',
    'notice.publish',
    'meeting.hold',
    'wall.read',
    'wall.edit',
    'wall.weather',
    'session.standing',
  ],
  field: [
    'field.work',
    'field.watch',
    'track.read',
    'errand.give',
    'patrol.edit',
    'form.edit',
    'terminal.edit',
  ],
  registry: [
    'registry.read',
    'registry.edit',
    'registry.reveal',
    'registry.export',
    'registry.approve',
    'care.read',
    'care.edit',
  ],
  settings: ['category.edit', 'calendar.edit', 'rule.edit', 'answer.edit'],
  grids: ['grid.read', 'grid.edit', 'grid.approve', 'grid.redraw', 'team.edit', 'import.run'],
  powers: ['account.read', 'account.edit', 'role.edit', 'security.edit', 'journal.read'],
}

export interface PermissionGroup {
  name: string
  permissions: string[]
}

/** A permission newer than this list stands in the group of its first word, at the end. */
export function groupsOf(permissions: readonly string[]): PermissionGroup[] {
  return Object.entries(GROUPS)
    .map(([name, known]) => ({ name, permissions: inOrder(permissions, name, known) }))
    .filter((group) => group.permissions.length > 0)
}

function inOrder(permissions: readonly string[], name: string, known: readonly string[]): string[] {
  const others = permissions.filter((one) => groupOf(one) === name && !known.includes(one))
  return [...known.filter((one) => permissions.includes(one)), ...others]
}

function groupOf(permission: string): string {
  const first = permission.split('.')[0] ?? ''
  const found = Object.entries(GROUPS).find(([, known]) => known.some((one) => one.startsWith(`${first}.`)))
  return found?.[0] ?? 'settings'
}
