// What an entry is called. A kind newer than these words is shown as it is written: nothing is hidden from the auditor.
import type { Translate } from '@/shared/i18n/translate'

/** The house's own workers by one word, whatever the task is called; the task stands in the title. */
const IMPERSONAL = ['system', 'public']

export function actorWord(entry: { actor_kind: string; actor_name: string }, t: Translate): string {
  const { actor_kind: kind, actor_name: name } = entry
  return IMPERSONAL.includes(kind) ? t(`journal.actor.${kind}`) : name || t('journal.actor.person')
}

export function kindWord(kind: string, t: Translate, te: (key: string) => boolean): string {
  const [group = '', deed = ''] = kind.split('.')
  const [groupKey, deedKey] = [`journal.group.${group}`, `journal.deed.${deed}`]
  const whole = `journal.kind.${group}.${deed}`
  if (te(whole)) return t(whole)
  return te(groupKey) && te(deedKey) ? t('journal.of', { group: t(groupKey), deed: t(deedKey) }) : kind
}

export function groupWord(group: string, t: Translate, te: (key: string) => boolean): string {
  const key = `journal.group.${group}`
  return te(key) ? t(key) : group
}

/** Where the subject has a page that the auditor's colleagues know it by; the auditor sees its name or number. */
export function subjectWord(entry: {
  subject_type: string
  subject_id: string
  subject_name: string
}): string {
  return entry.subject_name || entry.subject_id.slice(0, 18)
}
