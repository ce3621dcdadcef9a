/** An SVG of our own server, shown as a picture: nothing in it runs. */
export function pictureOf(svg: string): string {
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
}
