import Feature from 'ol/Feature'
import LineString from 'ol/geom/LineString'
import Point from 'ol/geom/Point'
import VectorLayer from 'ol/layer/Vector'
import VectorSource from 'ol/source/Vector'
import { Circle, Fill, Stroke, Style } from 'ol/style'
import { timeOfDay } from '@/model/time'
import { legs, timeMarks, type Dot, type Leg, type TimeMark } from '@/model/trail'
import { PLAIN, type Ground } from './ground'
import { label, withAlpha, type Palette } from './symbols'

export interface Trail {
  readonly device: number
  readonly dots: readonly Dot[]
}

/** The way a chosen unit came: fainter with age, dashed over a silence, with the time at round times. */
export function createTrails(palette: () => Palette, ground: Ground = PLAIN) {
  const source = new VectorSource<Feature>()
  const layer = new VectorLayer({
    source,
    zIndex: 3,
    declutter: 'names',
    style: (feature) => {
      const leg = feature.get('leg') as Leg | undefined
      const colour = palette().get('--focus')
      if (leg !== undefined) return new Style({ stroke: new Stroke({ color: withAlpha(colour, leg.gap ? 0.35 : leg.opacity), width: leg.gap ? 1.5 : 3, ...(leg.gap ? { lineDash: [3, 6] } : {}) }) })
      const mark = feature.get('mark') as TimeMark
      return [
        new Style({ image: new Circle({ radius: 3, fill: new Fill({ color: palette().get('--map-halo') }), stroke: new Stroke({ color: colour, width: 1.6 }), declutterMode: 'none' }) }),
        new Style({ text: label(timeOfDay(mark.at).slice(0, 5), palette(), { colour: '--text', size: 11, offsetY: -11, always: mark.last }) }),
      ]
    },
  })
  let trails: readonly Trail[] = []

  return {
    layers: [layer],
    /** `from`, `to`: the time that was asked for, which is what a trail is faint by. */
    set(next: readonly Trail[], from: number, to: number): void {
      trails = next
      source.clear()
      for (const { dots } of trails) {
        const lines = legs(dots, from, to).map((leg) => new Feature({ geometry: new LineString(leg.line.map((d) => ground.place([d.lon, d.lat]))), leg }))
        const marks = timeMarks(dots).map((mark) => new Feature({ geometry: new Point(ground.place([mark.lon, mark.lat])), mark }))
        source.addFeatures([...lines, ...marks])
      }
    },
    extent: () => (source.isEmpty() ? null : source.getExtent()),
    redraw: () => layer.changed(),
    drawn: () => ({
      devices: trails.map((one) => one.device),
      points: trails.reduce((sum, one) => sum + one.dots.length, 0),
      legs: source.getFeatures().flatMap((f) => (f.get('leg') as Leg | undefined) ?? []).length,
      times: source.getFeatures().flatMap((f) => (f.get('mark') as TimeMark | undefined) ?? []).map((m) => timeOfDay(m.at).slice(0, 5)),
    }),
  }
}
