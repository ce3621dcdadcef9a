// A create that is sent twice must be done once: the key stays while the content stays, whatever the answer was.

/** `key(content)` gives the Idempotency-Key for this content: the same one until the content changes. */
export function idempotencyKeys(): (content: unknown) => string {
  let latest = ''
  let key = ''
  return (content) => {
    const text = JSON.stringify(content)
    if (key === '' || text !== latest) {
      latest = text
      key = newUuid()
    }
    return key
  }
}

/** A random UUID; `crypto.randomUUID` is missing on plain http, where many halls still work. */
export function newUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
