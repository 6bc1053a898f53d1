import Feature from 'ol/Feature'
import LineString from 'ol/geom/LineString'
import Point from 'ol/geom/Point'
import VectorLayer from 'ol/layer/Vector'
import VectorSource from 'ol/source/Vector'
import { Stroke, Style } from 'ol/style'
import type { Freshness } from '@/model/units'
import { PLAIN, type Ground } from './ground'
import { createSwarm } from './swarm'
import { label, unitSymbol, withAlpha, type Palette } from './symbols'

export interface UnitMark {
  team_id: number
  label: string
  lon: number
  lat: number
  age_s: number
  style: Freshness
  /** Age in words, shown once a position is no longer fresh. */
  age: string
  committed: boolean
  /** Where a team on the road is heading. */
  target: { lon: number; lat: number } | null
}

const LABELS_BELOW = 130
/** So many are features, whose names give way to others'; more are a swarm in one canvas. */
const MOST_FEATURES = 400
/** Clock and positions both tell of the units every second: a swarm is drawn once for both. */
const SWARM_EVERY_MS = 900

/** The units: a few as features, thousands as a swarm. */
export function createUnits(palette: () => Palette, ground: Ground = PLAIN) {
  const source = new VectorSource<Feature>()
  const ways = new VectorSource<Feature>()
  const features = new Map<number, Feature<Point>>()
  const looks = new Map<string, Style[]>()

  const swarm = createSwarm(palette)
  let swarming = false
  let waiting: readonly UnitMark[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let swarmedAt = 0
  function swarmed(): void {
    timer = undefined
    swarmedAt = performance.now()
    show(waiting)
  }

  function symbol(mark: UnitMark): Style[] {
    const key = `${mark.style} ${mark.committed}`
    const known = looks.get(key) ?? unitSymbol(mark.style, mark.committed, palette())
    looks.set(key, known)
    return known
  }

  const layer = new VectorLayer({
    source,
    zIndex: 4,
    declutter: 'names',
    updateWhileAnimating: true,
    style: (feature, resolution) => {
      const mark = feature.get('mark') as UnitMark
      const styles = symbol(mark)
      if (resolution > LABELS_BELOW && !mark.committed) return styles
      const text = mark.style === 'fresh' ? mark.label : `${mark.label} ${mark.age}`
      const colour = mark.style === 'dashed' ? '--stale' : '--text'
      const name = new Style({
        text: label(text, palette(), { colour, size: 11, offsetY: mark.committed ? 20 : 16 }),
        zIndex: mark.committed ? 2 : 1,
      })
      return [...styles, name]
    },
  })
  const wayLayer = new VectorLayer({
    source: ways,
    zIndex: 2,
    style: () =>
      new Style({ stroke: new Stroke({ color: withAlpha(palette().get('--unit'), 0.45), width: 1.2, lineDash: [2, 5] }) }),
  })

  function setFeatures(marks: readonly UnitMark[]): void {
    const gone = new Set(features.keys())
    for (const mark of marks) {
      gone.delete(mark.team_id)
      const at = ground.place([mark.lon, mark.lat])
      const known = features.get(mark.team_id)
      const feature = known ?? new Feature(new Point(at))
      feature.set('mark', mark, true)
      feature.getGeometry()?.setCoordinates(at)
      if (known === undefined) {
        feature.set('pick', { kind: 'unit', id: mark.team_id })
        features.set(mark.team_id, feature)
        source.addFeature(feature)
      }
    }
    for (const id of gone) {
      const feature = features.get(id)
      if (feature !== undefined) source.removeFeature(feature)
      features.delete(id)
    }
    source.changed()
  }

  function show(marks: readonly UnitMark[]): void {
    swarming = marks.length > MOST_FEATURES
    ways.clear(true)
    for (const { lon, lat, target } of marks) {
      if (target !== null) ways.addFeature(new Feature(new LineString([ground.place([lon, lat]), ground.place([target.lon, target.lat])])))
    }
    ways.changed()
    if (!swarming || features.size > 0) setFeatures(swarming ? [] : marks)
    if (swarming || swarm.drawn().all.length > 0) swarm.set(swarming ? marks : [])
  }

  return {
    layers: [wayLayer, layer, swarm.layer],
    set(marks: readonly UnitMark[]): void {
      if (marks.length <= MOST_FEATURES) {
        clearTimeout(timer)
        timer = undefined
        return show(marks)
      }
      waiting = marks
      timer ??= setTimeout(swarmed, Math.max(0, SWARM_EVERY_MS - (performance.now() - swarmedAt)))
    },
    /** The ground is drawn elsewhere now. */
    moved: () => swarming && swarm.set(swarm.drawn().all),
    dispose: () => clearTimeout(timer),
    unitAt: swarm.unitAt,
    clusterAt: swarm.clusterAt,
    redraw(): void {
      looks.clear()
      swarm.redraw()
      layer.changed()
      wayLayer.changed()
    },
    drawn: (): UnitMark[] => (swarming ? swarm.drawn().all : source.getFeatures().map((f) => f.get('mark') as UnitMark)),
    swarm: () => ({ clusters: swarm.drawn().clusters, points: swarm.drawn().points }),
  }
}
