// The pages of settings, in the order a district sets them up; roles stand with the accounts.

/** Whoever may change a setting reads its history; the auditor reads all of it. */
export const READERS = [
  'category.edit',
  'calendar.edit',
  'rule.edit',
  'import.run',
  'role.edit',
  'journal.read',
] as const

export const PAGES = [
  '/settings',
  '/settings/categories',
  '/settings/calendar',
  '/settings/dispatch',
  '/settings/supervision',
  '/settings/mappings',
  '/settings/history',
] as const
