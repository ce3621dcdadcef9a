// Web Locks as a browser has them, which jsdom has not: one holder of a name, the others in line or turned away.
type Work = (lock: object | null) => unknown

const lines = new Map<string, Promise<unknown>>()

export const locks = {
  async request(name: string, ...rest: [Work] | [{ ifAvailable?: boolean }, Work]): Promise<unknown> {
    const [how, work] = rest.length === 1 ? [{}, rest[0]] : rest
    const before = lines.get(name)
    if (before && how.ifAvailable) return work(null)
    const mine = (before ?? Promise.resolve()).then(() => work({ name }))
    const settled = mine.then(
      () => undefined,
      () => undefined,
    )
    lines.set(name, settled)
    void settled.then(() => {
      if (lines.get(name) === settled) lines.delete(name)
    })
    return mine
  },
}
