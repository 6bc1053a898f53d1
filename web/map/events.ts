import Feature from 'ol/Feature'
import Circle from 'ol/geom/Circle'
import LineString from 'ol/geom/LineString'
import Point from 'ol/geom/Point'
import VectorLayer from 'ol/layer/Vector'
import VectorSource from 'ol/source/Vector'
import { getPointResolution } from 'ol/proj'
import { Fill, Stroke, Style } from 'ol/style'
import type { AlarmWeight } from '@/model/alarms'
import { PLAIN, type Ground } from './ground'
import { alarmIcon, incidentIcon, label, trailDot, troubleIcon, withAlpha, type Palette } from './symbols'

export interface IncidentMark {
  id: number
  number: string
  title: string
  level: number
  lon: number
  lat: number
  selected: boolean
}

export interface AlarmMark {
  id: number
  state: string
  weight: AlarmWeight
  label: string
  lon: number
  lat: number
  selected: boolean
  /** Where a silent caller may be by now. */
  search: { lon: number; lat: number; radius_m: number } | null
  /** Newest first. */
  trail: { lon: number; lat: number }[]
}

const BLINK_MS = 500

/** What calls for attention: incidents, and alarms with the way the device came. */
export function createEvents(palette: () => Palette, ground: Ground = PLAIN) {
  const incidents = new VectorSource<Feature>()
  const alarms = new VectorSource<Feature>()
  const trails = new VectorSource<Feature>()
  const searches = new VectorSource<Feature>()
  let lit = true
  let incidentMarks: readonly IncidentMark[] = []
  let alarmMarks: readonly AlarmMark[] = []

  const incidentLayer = new VectorLayer({
    source: incidents,
    zIndex: 6,
    declutter: 'names',
    style: (feature) => {
      const mark = feature.get('mark') as IncidentMark
      return [
        new Style({ image: incidentIcon(mark.level, mark.selected, palette()), zIndex: 8 - mark.level }),
        new Style({
          text: label(mark.title, palette(), { colour: '--strong', size: 12, weight: 600, offsetY: mark.selected ? 29 : 24, always: mark.selected }),
          zIndex: 8 - mark.level,
        }),
      ]
    },
  })
  const alarmLayer = new VectorLayer({
    source: alarms,
    zIndex: 7,
    declutter: 'names',
    style: (feature) => {
      const mark = feature.get('mark') as AlarmMark
      if (mark.weight === 'trouble') {
        const text = label(mark.label, palette(), { colour: '--text', size: 11, offsetY: 20, always: mark.selected })
        return [new Style({ image: troubleIcon(mark.state === 'open', palette()) }), new Style({ text })]
      }
      const filled = mark.state === 'open' && lit
      return [
        new Style({ image: alarmIcon(filled, palette()) }),
        new Style({ text: label(mark.label, palette(), { colour: '--strong', size: 12, weight: 600, offsetY: 28, always: mark.selected || mark.state === 'open' }) }),
      ]
    },
  })
  const searchLayer = new VectorLayer({
    source: searches,
    zIndex: 4,
    style: () => {
      const colour = palette().get('--level-1')
      return new Style({ stroke: new Stroke({ color: colour, width: 2, lineDash: [8, 6] }), fill: new Fill({ color: withAlpha(colour, 0.08) }) })
    },
  })
  const trailLayer = new VectorLayer({
    source: trails,
    zIndex: 5,
    style: (feature) => {
      const nth = feature.get('nth') as number | undefined
      if (nth !== undefined) return trailDot(nth, palette())
      return new Style({ stroke: new Stroke({ color: withAlpha(palette().get('--level-1'), 0.55), width: 1.5 }) })
    },
  })

  /** Rewrites a layer only when something on it changed: the desk calls every second. */
  const same = (a: readonly unknown[], b: readonly unknown[]): boolean => JSON.stringify(a) === JSON.stringify(b)

  function point(mark: { lon: number; lat: number }, kind: string, id: number): Feature {
    const feature = new Feature(new Point(ground.place([mark.lon, mark.lat])))
    feature.set('mark', mark)
    feature.set('pick', { kind, id })
    return feature
  }

  function circle(around: { lon: number; lat: number; radius_m: number }): Circle {
    const at = ground.place([around.lon, around.lat])
    return new Circle(at, around.radius_m / getPointResolution('EPSG:3857', 1, at))
  }

  const calm = matchMedia('(prefers-reduced-motion: reduce)')
  const blinker = setInterval(() => {
    if (calm.matches || !alarmMarks.some((a) => a.state === 'open' && a.weight !== 'trouble')) return
    lit = !lit
    alarmLayer.changed()
  }, BLINK_MS)

  return {
    layers: [searchLayer, trailLayer, incidentLayer, alarmLayer],
    setIncidents(marks: readonly IncidentMark[]): void {
      if (same(marks, incidentMarks)) return
      incidentMarks = marks
      incidents.clear()
      incidents.addFeatures(marks.map((m) => point(m, 'incident', m.id)))
    },
    setAlarms(marks: readonly AlarmMark[]): void {
      if (same(marks, alarmMarks)) return
      alarmMarks = marks
      alarms.clear()
      trails.clear()
      searches.clear()
      alarms.addFeatures(marks.map((m) => point(m, 'alarm', m.id)))
      for (const mark of marks) {
        if (mark.weight === 'trouble') continue
        if (mark.search !== null) searches.addFeature(new Feature(circle(mark.search)))
        const way = [mark, ...mark.trail].map((p) => ground.place([p.lon, p.lat]))
        if (way.length > 1) trails.addFeature(new Feature(new LineString(way)))
        way.slice(1).forEach((at, nth) => {
          const dot = new Feature(new Point(at))
          dot.set('nth', nth)
          trails.addFeature(dot)
        })
      }
    },
    redraw: () => [searchLayer, incidentLayer, alarmLayer, trailLayer].forEach((layer) => layer.changed()),
    incidents: () => incidentMarks,
    alarms: () => alarmMarks,
    dispose: () => clearInterval(blinker),
  }
}
