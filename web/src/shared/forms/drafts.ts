// Unsent text, kept in this tab only: it may name people, so it goes with the tab and at sign-out.
const PREFIX = 'wangge.draft.'

export function keepDraft(name: string, values: object): void {
  sessionStorage.setItem(PREFIX + name, JSON.stringify(values))
}

export function readDraft<V>(name: string): V | undefined {
  const text = sessionStorage.getItem(PREFIX + name)
  return text ? (JSON.parse(text) as V) : undefined
}

export function dropDraft(name: string): void {
  sessionStorage.removeItem(PREFIX + name)
}

export function dropAllDrafts(): void {
  Object.keys(sessionStorage)
    .filter((name) => name.startsWith(PREFIX))
    .forEach((name) => {
      sessionStorage.removeItem(name)
    })
}
