// The base map as configuration says: nothing, raster tiles, or a whole style. No glyph server: every character is
// drawn from the machine's own fonts.
import type { StyleSpecification } from 'maplibre-gl'

import type { Config } from '../config/config'
import type { Translate } from '../i18n/translate'

type BaseMapConfig = Config['base_map']

/** Colours the canvas needs as plain values; keep in step with tokens.css. */
export const MAP_COLOURS = {
  ground: '#eef2f6',
  ink: '#16212e',
  halo: '#ffffff',
  line: '#5a7da3',
  fill: '#0b5cad',
  chosen: '#b8271a',
  green: '#17713f',
  amber: '#e08a00',
  red: '#b8271a',
  grey: '#5f6c7b',
  border: '#3d2f63',
  /** Violet beside the blue of general grids: told apart also by who sees no red or green. */
  dedicated: '#7a3fb0',
} as const

/** From this many on, the next darker colour; the first colour from ten. */
export const HEAT_STEPS = [30, 100, 300] as const
export const HEAT_COLOURS = ['#fdd49e', '#fc8d59', '#d7301f', '#7f0000'] as const

export function mapStyle(base: BaseMapConfig, t: Translate): string | StyleSpecification {
  if (base.kind === 'style') return base.url
  const ground: StyleSpecification = {
    version: 8,
    sources: {},
    layers: [{ id: 'ground', type: 'background', paint: { 'background-color': MAP_COLOURS.ground } }],
  }
  if (base.kind === 'none') return ground
  return base.url.split(/\s+/).reduce<StyleSpecification>(
    (style, url, index) => ({
      ...style,
      sources: {
        ...style.sources,
        [`base-${String(index)}`]: {
          type: 'raster',
          tiles: [url],
          tileSize: 256,
          maxzoom: 18,
          attribution: index === 0 ? attribution(base, t) : '',
        },
      },
      layers: [
        ...style.layers,
        { id: `base-${String(index)}`, type: 'raster', source: `base-${String(index)}` },
      ],
    }),
    ground,
  )
}

/** Who made the base map, and its approval number, which the Map Management Regulations want shown with it. */
export function attribution(base: BaseMapConfig, t: Translate): string {
  const approval = base.approval_no ? t('baseMap.approval', { no: base.approval_no }) : ''
  return [base.attribution, approval].filter(Boolean).map(escaped).join(' ')
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${String(sign.charCodeAt(0))};`)
}
