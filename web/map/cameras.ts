import Feature from 'ol/Feature'
import LineString from 'ol/geom/LineString'
import Point from 'ol/geom/Point'
import Polygon from 'ol/geom/Polygon'
import VectorLayer from 'ol/layer/Vector'
import { getPointResolution } from 'ol/proj'
import VectorSource from 'ol/source/Vector'
import { Fill, Icon, Stroke, Style } from 'ol/style'
import { SPOT_PATHS, type SpotLook, type SpotSector } from '@/model/spotMarks'
import { PLAIN, type Ground } from './ground'
import { label, svgUrl, withAlpha, type Palette } from './symbols'

/** A camera on the map of the desk; `sees` is the place it was asked about, which it looks at. */
export interface CameraMark extends SpotLook {
  readonly id: number
  readonly label: string
  readonly lon: number
  readonly lat: number
  readonly view: SpotSector | null
  readonly sees: { readonly lon: number; readonly lat: number } | null
  readonly selected: boolean
}

const NAMES_BELOW = 26
/** Farther away hundreds of views would be all shade: then only those that are asked for. */
const VIEWS_BELOW = 45
const STEPS = 24
const PX = 18

/** The rim of a view from where it is drawn; a full circle has no corner at its camera. */
export function rimOf(view: SpotSector, at: readonly number[]): number[][] {
  const radius = view.radius_m / getPointResolution('EPSG:3857', 1, [...at])
  const rim = Array.from({ length: STEPS + 1 }, (_, n) => {
    const angle = ((view.from_deg - view.half_deg + (2 * view.half_deg * n) / STEPS) * Math.PI) / 180
    return [(at[0] ?? 0) + radius * Math.sin(angle), (at[1] ?? 0) + radius * Math.cos(angle)]
  })
  return view.half_deg >= 180 ? rim : [[...at], ...rim, [...at]]
}

function icon(mark: CameraMark, palette: Palette): Style {
  const ink = palette.get(mark.tone)
  const ring = mark.ringed || mark.selected || mark.sees !== null ? `<circle cx="18" cy="18" r="16.5" fill="none" stroke="${palette.get(mark.ringed ? mark.tone : '--strong')}" stroke-width="2.5"/>` : ''
  const eye = palette.get(mark.filled ? '--map-halo' : mark.tone)
  const body = `${ring}<path transform="translate(6 6)" d="${SPOT_PATHS[mark.shape]}" fill="${mark.filled ? ink : palette.get('--map-halo')}" stroke="${ink}" stroke-width="2.4"/><circle cx="18" cy="18" r="3.4" fill="${eye}"/>`
  return new Style({ image: new Icon({ src: svgUrl(body, 36), width: PX * 1.4, height: PX * 1.4, declutterMode: 'obstacle' }) })
}

function viewStyle(mark: CameraMark, palette: Palette): Style {
  const ink = palette.get(mark.tone)
  const strong = mark.sees !== null || mark.selected
  return new Style({
    ...(mark.view?.unsure === true ? {} : { fill: new Fill({ color: withAlpha(ink, strong ? 0.22 : 0.1) }) }),
    stroke: new Stroke({ color: withAlpha(ink, strong ? 1 : 0.55), width: strong ? 1.6 : 1, ...(mark.view?.unsure === true ? { lineDash: [6, 5] } : {}) }),
  })
}

/** Cameras: what kind by shape, whether their picture is there by fill, what they see by a wedge, what they look at by a line. */
export function createCameras(palette: () => Palette, ground: Ground = PLAIN) {
  const points = new VectorSource<Feature>()
  const views = new VectorSource<Feature>()
  // Hundreds of cameras look alike in a few ways: each way is drawn once.
  const known = new Map<string, Style>()
  const once = (key: string, make: () => Style): Style => {
    const style = known.get(key) ?? make()
    known.set(key, style)
    return style
  }
  const lookOf = (m: CameraMark): string => `${m.shape}${m.tone}${m.filled}${m.ringed}${m.selected}${m.sees !== null}`
  const layers = [
    new VectorLayer({
      source: views,
      zIndex: 2,
      style: (feature, resolution) => {
        const mark = feature.get('mark') as CameraMark
        const asked = mark.sees !== null || mark.selected
        if (feature.get('line') === true) return once('line', () => new Style({ stroke: new Stroke({ color: palette().get('--strong'), width: 1.6, lineDash: [3, 4] }) }))
        return resolution > VIEWS_BELOW && !asked ? undefined : once(`view${mark.tone}${asked}${mark.view?.unsure}`, () => viewStyle(mark, palette()))
      },
    }),
    new VectorLayer({
      source: points,
      zIndex: 3,
      declutter: 'names',
      style: (feature, resolution) => {
        const mark = feature.get('mark') as CameraMark
        const symbol = once(lookOf(mark), () => icon(mark, palette()))
        if (resolution > NAMES_BELOW && mark.sees === null && !mark.selected) return symbol
        return [symbol, once(`name${mark.id}${mark.label}`, () => new Style({ text: label(mark.label, palette(), { colour: '--text', size: 11, offsetY: 17 }) }))]
      },
    }),
  ]
  let marks: readonly CameraMark[] = []

  return {
    layers,
    set(next: readonly CameraMark[]): void {
      if (JSON.stringify(next) === JSON.stringify(marks)) return
      marks = next
      points.clear()
      views.clear()
      const drawn = marks.map((mark) => ({ mark, at: ground.place([mark.lon, mark.lat]) }))
      points.addFeatures(drawn.map(({ mark, at }) => new Feature({ geometry: new Point(at), mark, pick: { kind: 'camera', id: mark.id } })))
      views.addFeatures(drawn.flatMap(({ mark, at }) => (mark.view === null ? [] : [new Feature({ geometry: new Polygon([rimOf(mark.view, at)]), mark })])))
      views.addFeatures(drawn.flatMap(({ mark, at }) => (mark.sees === null ? [] : [new Feature({ geometry: new LineString([at, ground.place([mark.sees.lon, mark.sees.lat])]), mark, line: true })])))
    },
    redraw(): void {
      known.clear()
      layers.forEach((layer) => layer.changed())
    },
    drawn: () => marks.map(({ id, filled, tone, view, sees }) => ({ id, filled, tone, view: view !== null, sees: sees !== null })),
  }
}
