import { asArray, asString } from 'ol/color'
import { Circle, Fill, Icon, RegularShape, Stroke, Style, Text } from 'ol/style'
import { ALARM_PATH, levelSymbol, TROUBLE_PATH } from '@/model/symbols'
import type { Freshness } from '@/model/units'

/** The hues of the present theme, read from theme.css so that map and list cannot differ. */
export interface Palette {
  readonly get: (name: string) => string
}

export function readPalette(): Palette {
  const css = getComputedStyle(document.documentElement)
  const known = new Map<string, string>()
  return {
    get(name) {
      const value = known.get(name) ?? css.getPropertyValue(name).trim()
      known.set(name, value)
      return value
    },
  }
}

export const withAlpha = (colour: string, alpha: number): string => {
  const [r, g, b] = asArray(colour)
  return asString([r ?? 0, g ?? 0, b ?? 0, alpha])
}

const FONT = "'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', system-ui, sans-serif"

export const mapFont = (size: number, weight = 400): string => `${weight} ${size}px ${FONT}`

export function label(
  text: string,
  palette: Palette,
  options: { colour: string; size: number; weight?: number; offsetY?: number; always?: boolean },
): Text {
  return new Text({
    text,
    font: mapFont(options.size, options.weight),
    offsetY: options.offsetY ?? 0,
    fill: new Fill({ color: palette.get(options.colour) }),
    stroke: new Stroke({ color: palette.get('--map-halo'), width: 3 }),
    declutterMode: options.always === true ? 'none' : 'declutter',
  })
}

/** An icon as the map library takes it; `box` is the side of what is drawn. */
export const svgUrl = (body: string, box = 24): string =>
  `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48" viewBox="0 0 ${box} ${box}">${body}</svg>`)}`

const PX = 22

export function incidentIcon(level: number, selected: boolean, palette: Palette): Icon {
  const s = levelSymbol(level)
  const digit = `<text x="12" y="${s.digitY}" font-family="sans-serif" font-size="13" font-weight="700" text-anchor="middle" fill="${palette.get('--badge-text')}">${s.level}</text>`
  const edge = palette.get('--map-halo')
  const body = `<path d="${s.path}" fill="${palette.get(s.hue)}" stroke="${edge}" stroke-width="1"/>${digit}`
  return new Icon({
    src: svgUrl(body),
    width: selected ? PX * 1.4 : PX,
    height: selected ? PX * 1.4 : PX,
    declutterMode: 'obstacle',
  })
}

export function alarmIcon(filled: boolean, palette: Palette): Icon {
  const red = palette.get('--level-1')
  const body = filled
    ? `<circle cx="12" cy="12" r="11" fill="${red}"/><path d="${ALARM_PATH}" fill="${palette.get('--badge-text')}"/>`
    : `<circle cx="12" cy="12" r="11" fill="${palette.get('--map-halo')}"/><path d="${ALARM_PATH}" fill="${red}"/>`
  return new Icon({ src: svgUrl(body), width: 28, height: 28, declutterMode: 'obstacle' })
}

export function troubleIcon(open: boolean, palette: Palette): Icon {
  const body = `<circle cx="12" cy="12" r="9" fill="${palette.get('--map-halo')}"/><path d="${TROUBLE_PATH}" fill="${palette.get(open ? '--warn' : '--muted')}"/>`
  return new Icon({ src: svgUrl(body), width: 20, height: 20, declutterMode: 'obstacle' })
}

/** Fresh is solid, older than two minutes hollow, older than ten dashed and violet. */
export function unitSymbol(style: Freshness, committed: boolean, palette: Palette): Style[] {
  const ink = palette.get(style === 'dashed' ? '--stale' : '--unit')
  const stroke = new Stroke({ color: ink, width: 1.6, ...(style === 'dashed' ? { lineDash: [2.5, 2.5] } : {}) })
  const fill = new Fill({ color: style === 'fresh' ? ink : palette.get('--map-halo') })
  const dot = new Style({ image: new Circle({ radius: 4.5, stroke, fill, declutterMode: 'obstacle' }) })
  if (!committed) return [dot]
  const ring = new Style({
    image: new Circle({ radius: 8.5, stroke: new Stroke({ color: ink, width: 1.4 }), declutterMode: 'none' }),
  })
  return [ring, dot]
}

export function trailDot(nth: number, palette: Palette): Style {
  const colour = withAlpha(palette.get('--level-1'), 1 - nth * 0.14)
  return new Style({ image: new Circle({ radius: 3, fill: new Fill({ color: colour }) }) })
}

export function pickMark(palette: Palette): Style {
  return new Style({
    image: new RegularShape({
      points: 4,
      radius: 13,
      radius2: 0,
      stroke: new Stroke({ color: palette.get('--strong'), width: 2 }),
    }),
  })
}

/** A device that stands somewhere: a square, solid while it is live; small where hundreds are in sight. */
export function fixedMark(state: string, small: boolean, palette: Palette): Style {
  const live = state === 'live'
  const ink = palette.get(state === 'silent' ? '--stale' : live ? '--unit' : '--map-text')
  return new Style({
    image: new RegularShape({
      points: 4,
      angle: Math.PI / 4,
      radius: small ? 2.8 : 5.5,
      fill: new Fill({ color: live ? ink : palette.get('--map-halo') }),
      stroke: new Stroke({ color: ink, width: 1.3, ...(state === 'silent' ? { lineDash: [2, 2] } : {}) }),
    }),
  })
}

export function coverageArea(state: string, palette: Palette): Style {
  const ink = palette.get(state === 'silent' ? '--stale' : '--unit')
  return new Style({
    fill: new Fill({ color: withAlpha(ink, 0.05) }),
    stroke: new Stroke({ color: withAlpha(ink, 0.5), width: 1.2, ...(state === 'live' ? {} : { lineDash: [6, 5] }) }),
  })
}
