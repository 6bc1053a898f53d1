import GeoJSON from 'ol/format/GeoJSON'
import Point from 'ol/geom/Point'
import type Feature from 'ol/Feature'
import type { FeatureLike } from 'ol/Feature'
import VectorLayer from 'ol/layer/Vector'
import VectorSource from 'ol/source/Vector'
import { Fill, Stroke, Style } from 'ol/style'
import type { BaseMap } from '@/api/types'
import { PLAIN, shifted, type Ground } from './ground'
import { label, withAlpha, type Palette } from './symbols'

const VILLAGES_BELOW = 26
const PATHS_BELOW = 45
/** Known by their name alone. */
const POINTS = ['village', 'milestone']
const [AREAS, HILLS, MINOR, WATER, MAJOR, EDGE] = [0, 1, 2, 3, 4, 5]

/** Width of a road by its class; a class we do not know is drawn like a county road. */
const ROADS: Record<string, number> = { motorway: 2.4, national: 1.9, county: 1.1, village: 0.7 }

function road(feature: FeatureLike, resolution: number, palette: Palette): Style | undefined {
  const roadClass = String(feature.get('road_class'))
  if (roadClass === 'village' && resolution > PATHS_BELOW) return undefined
  const major = roadClass !== 'village' && roadClass !== 'county'
  const color = palette.get(major ? '--map-road' : '--map-road-2')
  return new Style({ stroke: new Stroke({ color, width: ROADS[roadClass] ?? 1.1 }), zIndex: major ? MAJOR : MINOR })
}

/** `over`: pictures lie below, which must be seen through the land. */
function shape(feature: FeatureLike, resolution: number, palette: Palette, over: boolean): Style | undefined {
  const fill = (colour: string): Fill => new Fill({ color: palette.get(colour) })
  switch (feature.get('kind')) {
    case 'county': {
      const stroke = new Stroke({ color: palette.get('--map-edge'), width: 1.8 })
      return new Style({ stroke, ...(over ? {} : { fill: fill('--map-land') }), zIndex: AREAS })
    }
    case 'township': {
      const stroke = new Stroke({ color: palette.get('--map-town'), width: 1, lineDash: [5, 4] })
      return new Style({ stroke, zIndex: EDGE })
    }
    case 'hill':
      return over ? undefined : new Style({ fill: new Fill({ color: withAlpha(palette.get('--map-hill'), 0.45) }), zIndex: HILLS })
    case 'river': {
      const width = Number(feature.get('width_m') ?? 0) > 100 ? 3 : 1.8
      return new Style({ stroke: new Stroke({ color: palette.get('--map-water'), width }), zIndex: WATER })
    }
    case 'road':
      return road(feature, resolution, palette)
    default:
      return undefined
  }
}

/** A township is named at its seat, where people look for it. */
function seat(feature: FeatureLike, ground: Ground): Point | undefined {
  const at = feature.get('seat') as [number, number] | undefined
  return at === undefined ? undefined : new Point(ground.place(at))
}

function name(feature: FeatureLike, resolution: number, palette: Palette, ground: Ground): Style | undefined {
  // The page says which language it is in, as it says its colours.
  const spelled = document.documentElement.lang === 'en' ? feature.get('name_en') : ''
  const text = String(spelled || (feature.get('name') ?? ''))
  switch (feature.get('kind')) {
    case 'township': {
      const style = new Style({ text: label(text, palette, { colour: '--map-text', size: 13, offsetY: -15 }), zIndex: 2 })
      const point = seat(feature, ground)
      if (point !== undefined) style.setGeometry(point)
      return style
    }
    case 'village':
    case 'milestone':
      return resolution < VILLAGES_BELOW
        ? new Style({ text: label(text, palette, { colour: '--map-text', size: 11 }), zIndex: feature.get('kind') === 'village' ? 1 : 0 })
        : undefined
    default:
      return undefined
  }
}

/** The county below everything: areas and lines, and a layer of names that gives way to all else. */
export function createBase(palette: () => Palette, ground: Ground = PLAIN) {
  const shapes = new VectorSource<Feature>()
  const names = new VectorSource<Feature>()
  let [over, villages] = [false, true]
  const layers = [
    new VectorLayer({ source: shapes, zIndex: 0, style: (f, r) => shape(f, r, palette(), over) }),
    new VectorLayer({ source: names, zIndex: 1, declutter: 'names', style: (f, r) => (villages || f.get('kind') !== 'village' ? name(f, r, palette(), ground) : undefined) }),
  ]
  return {
    layers,
    set(base: BaseMap): void {
      const all = new GeoJSON().readFeatures(base, { featureProjection: 'EPSG:3857' }) as Feature[]
      if (ground.datum() !== 'wgs84') for (const feature of all) feature.getGeometry()?.applyTransform(shifted(PLAIN.lonLat, ground.place))
      shapes.clear()
      names.clear()
      shapes.addFeatures(all.filter((f) => !POINTS.includes(String(f.get('kind')))))
      names.addFeatures(all.filter((f) => ['township', ...POINTS].includes(String(f.get('kind')))))
    },
    extent: () => (shapes.isEmpty() ? null : shapes.getExtent()),
    /** Which of it is shown, and whether pictures lie below. */
    show(next: { base: boolean; villages: boolean; over: boolean }): void {
      over = next.over
      villages = next.villages
      for (const layer of layers) layer.setVisible(next.base)
      for (const layer of layers) layer.changed()
    },
    redraw: () => layers.forEach((layer) => layer.changed()),
  }
}
