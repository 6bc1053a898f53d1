import Feature from 'ol/Feature'
import CircleGeometry from 'ol/geom/Circle'
import Point from 'ol/geom/Point'
import Polygon from 'ol/geom/Polygon'
import VectorLayer from 'ol/layer/Vector'
import { getPointResolution } from 'ol/proj'
import VectorSource from 'ol/source/Vector'
import { Circle, Fill, Stroke, Style } from 'ol/style'
import type { SpotArea } from '@/model/spotMarks'
import { PLAIN, type Ground } from './ground'
import { label, withAlpha, type Palette } from './symbols'

/** A warning in force on the map of the desk: its hue, the places it holds at, its area as it was sent. */
export interface WarnedMark {
  id: number
  label: string
  hue: `--level-${1 | 2 | 3 | 4}` | '--warn'
  places: readonly { lon: number; lat: number; named: boolean }[]
  areas: readonly SpotArea[]
}

const TOWN_PX = 17
const VILLAGE_PX = 5

/** Where it is warned: a faint disc at each township and village, with the name of the warning at townships. */
export function createWarned(palette: () => Palette, ground: Ground = PLAIN) {
  const source = new VectorSource<Feature>()
  const layer = new VectorLayer({
    source,
    zIndex: 2,
    declutter: 'names',
    style: (feature) => {
      const mark = feature.get('mark') as WarnedMark
      const colour = palette().get(mark.hue)
      const fill = new Fill({ color: withAlpha(colour, 0.14) })
      const stroke = new Stroke({ color: withAlpha(colour, 0.75), width: 1.4 })
      if (feature.get('place') === undefined) return new Style({ fill, stroke })
      const named = feature.get('place') as boolean
      const disc = new Style({ image: new Circle({ radius: named ? TOWN_PX : VILLAGE_PX, fill, stroke, declutterMode: 'none' }) })
      return named ? [disc, new Style({ text: label(mark.label, palette(), { colour: mark.hue, size: 12, weight: 600, offsetY: 27 }) })] : disc
    },
  })
  let marks: readonly WarnedMark[] = []

  function draw(mark: WarnedMark): Feature[] {
    const rings = mark.areas.flatMap((a) => a.polygons).map((ring) => new Polygon([ring.map(([lat = 0, lon = 0]) => ground.place([lon, lat]))]))
    const rounds = mark.areas.flatMap((a) => a.circles).map((c) => {
      const at = ground.place([c.lon, c.lat])
      return new CircleGeometry(at, (c.radius_km * 1000) / getPointResolution('EPSG:3857', 1, at))
    })
    const shapes = [...rings, ...rounds].map((geometry) => new Feature({ geometry, mark }))
    return [...shapes, ...mark.places.map((p) => new Feature({ geometry: new Point(ground.place([p.lon, p.lat])), mark, place: p.named }))]
  }

  return {
    layers: [layer],
    set(next: readonly WarnedMark[]): void {
      if (JSON.stringify(next) === JSON.stringify(marks)) return
      marks = next
      source.clear()
      source.addFeatures(marks.flatMap(draw))
    },
    redraw: () => layer.changed(),
    drawn: () => marks,
  }
}
