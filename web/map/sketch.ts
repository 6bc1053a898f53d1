import Feature from 'ol/Feature'
import LineString from 'ol/geom/LineString'
import Point from 'ol/geom/Point'
import Polygon from 'ol/geom/Polygon'
import VectorLayer from 'ol/layer/Vector'
import VectorSource from 'ol/source/Vector'
import { Circle, Fill, Stroke, Style } from 'ol/style'
import { ringOf, withPointer, type Drawing } from '@/model/drawing'
import type { LonLat } from '@/model/geodesy'
import { PLAIN, type Ground } from './ground'
import { withAlpha, type Palette } from './symbols'

/** What is being drawn: its points, its line or area, and the villages inside. */
export function createSketch(palette: () => Palette, ground: Ground = PLAIN) {
  const source = new VectorSource<Feature>()
  const layer = new VectorLayer({
    source,
    zIndex: 9,
    style: (feature) => {
      const ink = palette().get('--focus')
      const stroke = new Stroke({ color: ink, width: 2 })
      const point = (radius: number, colour: string): Style => new Style({ image: new Circle({ radius, fill: new Fill({ color: colour }), stroke, declutterMode: 'none' }) })
      if (feature.get('what') === 'inside') return point(2.5, ink)
      if (feature.get('what') === 'point') return point(4, palette().get('--map-halo'))
      return new Style({ stroke, fill: new Fill({ color: withAlpha(ink, 0.12) }) })
    },
  })
  const place = (at: LonLat): number[] => ground.place([at.lon, at.lat])
  let shown: { drawing: Drawing | null; inside: number } = { drawing: null, inside: 0 }

  return {
    layers: [layer],
    set(drawing: Drawing | null, pointer: LonLat | null, inside: readonly LonLat[]): void {
      if (drawing === null && shown.drawing === null) return
      shown = { drawing, inside: inside.length }
      source.clear()
      if (drawing === null) return
      const whole = withPointer(drawing, pointer)
      const ring = ringOf(whole)
      const line = whole.points.map(place)
      if (ring !== null) source.addFeature(new Feature({ geometry: new Polygon([[...ring, ...ring.slice(0, 1)].map(place)]), what: 'area' }))
      if (ring === null || whole.tool === 'circle') source.addFeature(new Feature({ geometry: new LineString(line), what: 'line' }))
      source.addFeatures(inside.map((at) => new Feature({ geometry: new Point(place(at)), what: 'inside' })))
      source.addFeatures(drawing.points.map((at) => new Feature({ geometry: new Point(place(at)), what: 'point' })))
    },
    redraw: () => layer.changed(),
    extent: () => (source.isEmpty() ? null : source.getExtent()),
    /** Where its corners are drawn; only what is finished can be moved. */
    corners: (): number[][] => (shown.drawing?.done === true ? shown.drawing.points.map(place) : []),
    drawn: () => ({ tool: shown.drawing?.tool ?? null, points: shown.drawing?.points.length ?? 0, done: shown.drawing?.done ?? false, inside: shown.inside }),
  }
}
