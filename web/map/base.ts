import GeoJSON from 'ol/format/GeoJSON'
import type Feature from 'ol/Feature'
import type { FeatureLike } from 'ol/Feature'
import VectorLayer from 'ol/layer/Vector'
import VectorSource from 'ol/source/Vector'
import { Fill, Stroke, Style } from 'ol/style'
import type { BaseMap } from '@/api/types'
import { label, type Palette } from './symbols'

const VILLAGES_BELOW = 22
const MINOR_ROADS_BELOW = 70
const HILLS = 1
const AREAS = 0
const LINES = 2
const EDGE = 3

/** Roads that carry a county: the rest shows only when zoomed in. */
const MAJOR = /^(motorway|national|provincial|trunk|primary|g|s|高速|国道|省道)/i

const isMajor = (feature: FeatureLike): boolean =>
  MAJOR.test(String(feature.get('class') ?? feature.get('road_class') ?? feature.get('name') ?? ''))

function shape(feature: FeatureLike, resolution: number, palette: Palette): Style | undefined {
  const stroke = (colour: string, width: number, lineDash?: number[]): Stroke =>
    new Stroke({ color: palette.get(colour), width, ...(lineDash ? { lineDash } : {}) })
  switch (feature.get('kind')) {
    case 'county':
      return new Style({ stroke: stroke('--map-edge', 1.6), fill: new Fill({ color: palette.get('--map-land') }), zIndex: AREAS })
    case 'township':
      return new Style({ stroke: stroke('--map-town', 1, [4, 4]), zIndex: EDGE })
    case 'hill':
      return new Style({ stroke: stroke('--map-hill', 1), fill: new Fill({ color: palette.get('--map-land-2') }), zIndex: HILLS })
    case 'river':
      return new Style({ stroke: stroke('--map-water', 2.2), fill: new Fill({ color: palette.get('--map-water') }), zIndex: LINES })
    case 'road':
      if (isMajor(feature)) return new Style({ stroke: stroke('--map-road', 1.5), zIndex: EDGE })
      return resolution < MINOR_ROADS_BELOW ? new Style({ stroke: stroke('--map-road-2', 0.9), zIndex: LINES }) : undefined
    default:
      return undefined
  }
}

function name(feature: FeatureLike, resolution: number, palette: Palette): Style | undefined {
  const text = String(feature.get('name') ?? '')
  switch (feature.get('kind')) {
    case 'township':
      return new Style({ text: label(text, palette, { colour: '--map-text', size: 13 }), zIndex: 2 })
    case 'village':
      return resolution < VILLAGES_BELOW
        ? new Style({ text: label(text, palette, { colour: '--map-text', size: 11 }), zIndex: 1 })
        : undefined
    default:
      return undefined
  }
}

/** The county below everything: areas and lines, and a layer of names that gives way to all else. */
export function createBase(palette: () => Palette) {
  const shapes = new VectorSource<Feature>()
  const names = new VectorSource<Feature>()
  const layers = [
    new VectorLayer({ source: shapes, zIndex: 0, style: (f, r) => shape(f, r, palette()) }),
    new VectorLayer({ source: names, zIndex: 1, declutter: 'names', style: (f, r) => name(f, r, palette()) }),
  ]
  return {
    layers,
    set(base: BaseMap): void {
      const all = new GeoJSON().readFeatures(base, { featureProjection: 'EPSG:3857' }) as Feature[]
      shapes.clear()
      names.clear()
      shapes.addFeatures(all.filter((f) => f.get('kind') !== 'village'))
      names.addFeatures(all.filter((f) => ['township', 'village'].includes(String(f.get('kind')))))
    },
    extent: () => shapes.getExtent(),
    isEmpty: () => shapes.isEmpty(),
    redraw: () => layers.forEach((layer) => layer.changed()),
  }
}
