import 'ol/ol.css'
import Feature from 'ol/Feature'
import Point from 'ol/geom/Point'
import { defaults as defaultInteractions } from 'ol/interaction/defaults'
import VectorLayer from 'ol/layer/Vector'
import OlMap from 'ol/Map'
import { fromLonLat, toLonLat } from 'ol/proj'
import VectorSource from 'ol/source/Vector'
import View from 'ol/View'
import type { BaseMap } from '@/api/types'
import { createBase } from './base'
import { scaled } from './scaled'
import { createContact, type ContactMark } from './contact'
import { createEvents, type AlarmMark, type IncidentMark } from './events'
import { createFixed, type FixedMark } from './fixed'
import { pickMark, readPalette } from './symbols'
import { createUnits, type UnitMark } from './units'
import { createWarned, type WarnedMark } from './warned'

export { createPlaceMap } from './place'
export { createSpotMap, type SpotMapHandle } from './spots'
export type { AlarmMark, ContactMark, FixedMark, IncidentMark, UnitMark, WarnedMark }
export type LonLat = { lon: number; lat: number }
export type Pick = { kind: 'unit' | 'incident' | 'alarm' | 'device'; id: number }

const FOCUS_RESOLUTION = 30
const MOVE_MS = 350
const HIT_PX = 8
const CLUSTER_PX = 18

/**
 * The only door to the map library: the rest of the console speaks in lon, lat and marks.
 *
 * `scale`: letters and signs so many times as large, for a wall that is read from across the room.
 */
export function createMap(
  box: HTMLElement,
  on: { pick: (pick: Pick) => void; click: (at: LonLat) => void; gesture: () => void; moved: () => void },
  scale = 1,
) {
  const target = scaled(box, scale)
  let palette = readPalette()
  const base = createBase(() => palette)
  const units = createUnits(() => palette)
  const events = createEvents(() => palette)
  const fixed = createFixed(() => palette)
  const contact = createContact(() => palette)
  const warned = createWarned(() => palette)
  const picked = new VectorSource<Feature>()
  const pickLayer = new VectorLayer({ source: picked, zIndex: 8, style: () => pickMark(palette) })

  const view = new View({ center: [0, 0], zoom: 10, maxZoom: 17, minZoom: 7, enableRotation: false })
  const map = new OlMap({
    target,
    view,
    controls: [],
    interactions: defaultInteractions({ altShiftDragRotate: false, pinchRotate: false, keyboard: false }),
    layers: [...base.layers, ...warned.layers, ...fixed.layers, ...contact.layers, ...units.layers, ...events.layers, pickLayer],
    maxTilesLoading: 4,
    pixelRatio: devicePixelRatio * scale,
  })

  map.on('pointerdrag', () => on.gesture())
  target.addEventListener('wheel', () => on.gesture(), { passive: true })
  map.on('moveend', () => on.moved())
  map.on('singleclick', (event) => {
    const [lon, lat] = toLonLat(event.coordinate)
    const hit = map.forEachFeatureAtPixel(event.pixel, (f) => f.get('pick') as Pick | undefined, {
      hitTolerance: HIT_PX,
    })
    const unit = hit === undefined ? units.unitAt(event.pixel, HIT_PX) : null
    const resolution = view.getResolution() ?? FOCUS_RESOLUTION
    const cluster = hit === undefined && unit === null ? units.clusterAt(event.coordinate, CLUSTER_PX * resolution) : null
    if (hit !== undefined) on.pick(hit)
    else if (unit !== null) on.pick({ kind: 'unit', id: unit })
    if (cluster !== null) {
      on.gesture()
      view.animate({ center: cluster, zoom: (view.getZoom() ?? 10) + 2, duration: MOVE_MS })
    }
    on.click({ lon: lon ?? 0, lat: lat ?? 0 })
  })

  const resized = new ResizeObserver(() => map.updateSize())
  resized.observe(target)

  function fit(): void {
    const extent = base.extent()
    if (extent !== null) view.fit(extent, { padding: [14, 14, 14, 14], duration: 0 })
  }

  return {
    setBase(geojson: BaseMap): void {
      base.set(geojson)
      map.updateSize()
      fit()
    },
    setUnits: units.set,
    setIncidents: events.setIncidents,
    setAlarms: events.setAlarms,
    setFixed: fixed.set,
    setContact: contact.set,
    setWarned: warned.set,
    setPicked(at: LonLat | null): void {
      picked.clear()
      if (at !== null) picked.addFeature(new Feature(new Point(fromLonLat([at.lon, at.lat]))))
    },
    fit,
    zoomBy(steps: number): void {
      view.animate({ zoom: (view.getZoom() ?? 10) + steps, duration: MOVE_MS / 2 })
    },
    focus(at: LonLat): void {
      const resolution = Math.min(view.getResolution() ?? FOCUS_RESOLUTION, FOCUS_RESOLUTION)
      view.animate({ center: fromLonLat([at.lon, at.lat]), resolution, duration: MOVE_MS })
    },
    /** Direction (radians, 0 = right) to a point outside the view; null when it is in sight. */
    directionTo(at: LonLat): number | null {
      const size = map.getSize()
      const pixel = map.getPixelFromCoordinate(fromLonLat([at.lon, at.lat])) as number[] | null
      if (size === undefined || pixel === null) return null
      const [x, y, w, h] = [pixel[0] ?? 0, pixel[1] ?? 0, size[0] ?? 0, size[1] ?? 0]
      return x >= 0 && y >= 0 && x <= w && y <= h ? null : Math.atan2(y - h / 2, x - w / 2)
    },
    retheme(): void {
      palette = readPalette()
      base.redraw()
      fixed.redraw()
      contact.redraw()
      warned.redraw()
      units.redraw()
      events.redraw()
      pickLayer.changed()
    },
    drawn: { units: units.drawn, swarm: units.swarm, incidents: events.incidents, alarms: events.alarms, devices: fixed.drawn, contact: contact.drawn, warned: warned.drawn },
    dispose(): void {
      resized.disconnect()
      events.dispose()
      units.dispose()
      map.setTarget()
    },
  }
}

export type MapHandle = ReturnType<typeof createMap>
