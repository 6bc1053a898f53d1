import Feature from 'ol/Feature'
import Circle from 'ol/geom/Circle'
import Point from 'ol/geom/Point'
import VectorLayer from 'ol/layer/Vector'
import { getPointResolution } from 'ol/proj'
import VectorSource from 'ol/source/Vector'
import { Style } from 'ol/style'
import { PLAIN, type Ground } from './ground'
import { coverageArea, fixedMark, label, type Palette } from './symbols'

export interface FixedMark {
  id: number
  label: string
  lon: number
  lat: number
  state: string
  /** Radius that a repeater covers; null for what covers nothing. */
  coverage_km: number | null
}

const LABELS_BELOW = 30

/** Where devices stand that do not move, and what the repeaters among them cover. */
export function createFixed(palette: () => Palette, ground: Ground = PLAIN) {
  const points = new VectorSource<Feature>()
  const areas = new VectorSource<Feature>()
  const layers = [
    new VectorLayer({
      source: areas,
      zIndex: 2,
      style: (feature) => coverageArea((feature.get('mark') as FixedMark).state, palette()),
    }),
    new VectorLayer({
      source: points,
      zIndex: 3,
      declutter: 'names',
      style: (feature, resolution) => {
        const mark = feature.get('mark') as FixedMark
        const far = resolution > LABELS_BELOW && mark.coverage_km === null
        const symbol = fixedMark(mark.state, far, palette())
        if (far) return symbol
        return [symbol, new Style({ text: label(mark.label, palette(), { colour: '--text', size: 11, offsetY: 15 }) })]
      },
    }),
  ]
  let marks: readonly FixedMark[] = []

  return {
    layers,
    set(next: readonly FixedMark[]): void {
      if (JSON.stringify(next) === JSON.stringify(marks)) return
      marks = next
      points.clear()
      areas.clear()
      for (const mark of marks) {
        const at = ground.place([mark.lon, mark.lat])
        const point = new Feature(new Point(at))
        point.set('mark', mark)
        point.set('pick', { kind: 'device', id: mark.id })
        points.addFeature(point)
        if (mark.coverage_km === null) continue
        // A metre of the map's projection is shorter than a metre on the ground.
        const area = new Feature(new Circle(at, (mark.coverage_km * 1000) / getPointResolution('EPSG:3857', 1, at)))
        area.set('mark', mark)
        areas.addFeature(area)
      }
    },
    extent: () => (areas.isEmpty() ? points : areas).getExtent(),
    redraw: () => layers.forEach((layer) => layer.changed()),
    drawn: () => marks,
  }
}
