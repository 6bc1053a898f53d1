import 'ol/ol.css'
import Feature from 'ol/Feature'
import Point from 'ol/geom/Point'
import DoubleClickZoom from 'ol/interaction/DoubleClickZoom'
import { defaults as defaultInteractions } from 'ol/interaction/defaults'
import VectorLayer from 'ol/layer/Vector'
import OlMap from 'ol/Map'
import type MapBrowserEvent from 'ol/MapBrowserEvent'
import { getPointResolution } from 'ol/proj'
import VectorSource from 'ol/source/Vector'
import View from 'ol/View'
import type { BaseMap } from '@/api/types'
import type { LonLat } from '@/model/geodesy'
import { createAreas, type AreaMark } from './areas'
import { createBase } from './base'
import { createCameras, type CameraMark } from './cameras'
import { createContact, type ContactMark } from './contact'
import { createCorners } from './corners'
import { createEvents, type AlarmMark, type IncidentMark } from './events'
import { createFixed, type FixedMark } from './fixed'
import { createGround, shifted } from './ground'
import { scaled } from './scaled'
import { createSites, type SiteMark } from './sites'
import { createSketch } from './sketch'
import { pickMark, readPalette } from './symbols'
import { createTiles, NO_GROUND, type GroundLayers } from './tiles'
import { createTrails, type Trail } from './trails'
import { createUnits, type UnitMark } from './units'
import { createWarned, type WarnedMark } from './warned'

export { createPlaceMap } from './place'
export { createSpotMap, type SpotMapHandle } from './spots'
export type { AlarmMark, AreaMark, CameraMark, ContactMark, FixedMark, GroundLayers, IncidentMark, LonLat, SiteMark, Trail, UnitMark, WarnedMark }
export type Pick = { kind: 'unit' | 'incident' | 'alarm' | 'device' | 'camera'; id: number }

export interface MapEvents {
  pick: (pick: Pick) => void
  /** A single press, a quarter of a second later: it is not the first of two. */
  click: (at: LonLat) => void
  gesture: () => void
  moved: () => void
  /** Where the pointer is; null when it left the map. */
  pointer?: (at: LonLat | null) => void
  /** While a tool is used: each press at once, but the second of two at one place. */
  point?: (at: LonLat) => void
  twice?: () => void
  /** A corner of what is drawn was put elsewhere. */
  corner?: (n: number, at: LonLat) => void
}

const FOCUS_RESOLUTION = 30
const MOVE_MS = 350
const HIT_PX = 8
const CLUSTER_PX = 18
const TWICE_PX = 6
const TWICE_MS = 400

/**
 * The only door to the map library: the rest of the console speaks in lon, lat and marks.
 *
 * `scale`: letters and signs so many times as large, for a wall that is read from across the room.
 */
export function createMap(box: HTMLElement, on: MapEvents, scale = 1) {
  const target = scaled(box, scale)
  let palette = readPalette()
  const ground = createGround()
  const base = createBase(() => palette, ground)
  const units = createUnits(() => palette, ground)
  const events = createEvents(() => palette, ground)
  const fixed = createFixed(() => palette, ground)
  const contact = createContact(() => palette, ground)
  const warned = createWarned(() => palette, ground)
  const areas = createAreas(() => palette, ground)
  const cameras = createCameras(() => palette, ground)
  const sites = createSites(() => palette, ground)
  const trails = createTrails(() => palette, ground)
  const sketch = createSketch(() => palette, ground)
  const picked = new VectorSource<Feature>()
  const pickLayer = new VectorLayer({ source: picked, zIndex: 8, style: () => pickMark(palette) })

  const view = new View({ center: [0, 0], zoom: 10, maxZoom: 17, minZoom: 7, enableRotation: false })
  const twice = new DoubleClickZoom({ duration: MOVE_MS / 2 })
  const map = new OlMap({
    target,
    view,
    controls: [],
    interactions: [...defaultInteractions({ altShiftDragRotate: false, pinchRotate: false, keyboard: false, doubleClickZoom: false }).getArray(), twice],
    layers: [...base.layers, ...warned.layers, ...areas.layers, ...fixed.layers, ...sites.layers, ...cameras.layers, ...contact.layers, ...trails.layers, ...units.layers, ...events.layers, pickLayer, ...sketch.layers],
    maxTilesLoading: 4,
    pixelRatio: devicePixelRatio * scale,
  })
  const tiles = createTiles(() => palette, (layer) => map.addLayer(layer))
  const corners = createCorners(sketch.corners, (n, to) => on.corner?.(n, ground.lonLat(to)))
  corners.setActive(false)
  map.addInteraction(corners)
  let below = NO_GROUND
  let looks = { base: true, villages: true }
  const showBase = (): void => base.show({ ...looks, over: below.archives.length > 0 || below.tiles !== null })

  /** Everything drawn moves to where the tiles below have it; what is known stays as it is. */
  function redatum(): void {
    const datum = below.tiles?.datum ?? 'wgs84'
    if (datum === ground.datum()) return
    const middle = centre()
    const before = createGround()
    before.set(ground.datum())
    ground.set(datum)
    const move = shifted(before.lonLat, ground.place)
    for (const layer of map.getAllLayers()) {
      if (!(layer instanceof VectorLayer)) continue
      const source = layer.getSource() as VectorSource<Feature> | null
      for (const feature of source?.getFeatures() ?? []) feature.getGeometry()?.applyTransform(move)
    }
    units.moved()
    view.setCenter(ground.place([middle.lon, middle.lat]))
  }

  /** A tool takes every press for itself. */
  let using = false

  function pickAt(event: MapBrowserEvent): void {
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
  }

  // A listener that answers false would keep the drag from the map itself.
  map.on('pointerdrag', () => {
    on.gesture()
  })
  target.addEventListener('wheel', () => on.gesture(), { passive: true })
  map.on('moveend', () => on.moved())
  /** The last press of a tool; the map library takes two at different places for one double click. */
  let pressed = { at: -Infinity, pixel: [0, 0] }
  map.on('click', ({ pixel, coordinate }) => {
    if (!using) return
    const at = performance.now()
    const near = Math.hypot((pixel[0] ?? 0) - (pressed.pixel[0] ?? 0), (pixel[1] ?? 0) - (pressed.pixel[1] ?? 0)) <= TWICE_PX
    const again = near && at - pressed.at < TWICE_MS
    pressed = { at: again ? -Infinity : at, pixel }
    if (again) on.twice?.()
    else on.point?.(ground.lonLat(coordinate))
  })
  map.on('singleclick', (event) => {
    if (using) return
    pickAt(event)
    on.click(ground.lonLat(event.coordinate))
  })
  if (on.pointer !== undefined) {
    const tell = on.pointer
    map.on('pointermove', (event) => tell(ground.lonLat(event.coordinate)))
    target.addEventListener('pointerleave', () => tell(null))
  }

  const resized = new ResizeObserver(() => map.updateSize())
  resized.observe(target)

  function fit(): void {
    const extent = base.extent()
    if (extent !== null) view.fit(extent, { padding: [14, 14, 14, 14], duration: 0 })
  }
  const centre = (): LonLat => ground.lonLat(view.getCenter() ?? [0, 0])

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
    setSites: sites.set,
    setCameras: cameras.set,
    setAreas: areas.set,
    setGround(next: GroundLayers): void {
      below = next
      redatum()
      showBase()
      void tiles.set(next)
    },
    setBaseShown(next: { base: boolean; villages: boolean }): void {
      looks = next
      showBase()
    },
    setTrails: trails.set,
    setSketch: sketch.set,
    setPicked(at: LonLat | null): void {
      picked.clear()
      if (at !== null) picked.addFeature(new Feature(new Point(ground.place([at.lon, at.lat]))))
    },
    /** Whether every press is a point of what is drawn. */
    use(on: boolean): void {
      using = on
      twice.setActive(!on)
      corners.setActive(on)
    },
    fit,
    /** Shows the whole of what is drawn. */
    fitSketch(): void {
      const extent = sketch.extent()
      if (extent !== null) view.fit(extent, { padding: [60, 60, 60, 60], minResolution: 5, duration: MOVE_MS })
    },
    /** Shows the whole of the trails, where there are any. */
    fitTrails(): void {
      const extent = trails.extent()
      if (extent !== null) view.fit(extent, { padding: [60, 60, 60, 60], minResolution: 5, duration: MOVE_MS })
    },
    zoomBy(steps: number): void {
      view.animate({ zoom: (view.getZoom() ?? 10) + steps, duration: MOVE_MS / 2 })
    },
    panBy(right: number, down: number): void {
      const [x = 0, y = 0] = view.getCenter() ?? []
      const step = view.getResolution() ?? FOCUS_RESOLUTION
      view.setCenter([x + right * step, y - down * step])
    },
    focus(at: LonLat): void {
      const resolution = Math.min(view.getResolution() ?? FOCUS_RESOLUTION, FOCUS_RESOLUTION)
      view.animate({ center: ground.place([at.lon, at.lat]), resolution, duration: MOVE_MS })
    },
    centre,
    /** Metres on the ground a point of the page is wide, in the middle of the map. */
    metresPerPx: (): number => getPointResolution('EPSG:3857', view.getResolution() ?? FOCUS_RESOLUTION, view.getCenter() ?? [0, 0]) / scale,
    /** Direction (radians, 0 = right) to a point outside the view; null when it is in sight. */
    directionTo(at: LonLat): number | null {
      const size = map.getSize()
      const pixel = map.getPixelFromCoordinate(ground.place([at.lon, at.lat])) as number[] | null
      if (size === undefined || pixel === null) return null
      const [x, y, w, h] = [pixel[0] ?? 0, pixel[1] ?? 0, size[0] ?? 0, size[1] ?? 0]
      return x >= 0 && y >= 0 && x <= w && y <= h ? null : Math.atan2(y - h / 2, x - w / 2)
    },
    retheme(): void {
      palette = readPalette()
      for (const part of [base, tiles, areas, fixed, sites, cameras, contact, warned, trails, units, events, sketch]) part.redraw()
      pickLayer.changed()
    },
    drawn: {
      units: units.drawn,
      swarm: units.swarm,
      incidents: events.incidents,
      alarms: events.alarms,
      devices: fixed.drawn,
      contact: contact.drawn,
      warned: warned.drawn,
      areas: areas.drawn,
      ground: () => ({ layers: tiles.drawn(), datum: ground.datum() }),
      sites: sites.drawn,
      cameras: cameras.drawn,
      trails: trails.drawn,
      sketch: sketch.drawn,
      centre,
      /** Where a place is drawn, in CSS pixels of the page. */
      pixelOf: (at: LonLat): number[] => {
        const [x = 0, y = 0] = map.getPixelFromCoordinate(ground.place([at.lon, at.lat]))
        const { left, top } = box.getBoundingClientRect()
        return [left + x * scale, top + y * scale]
      },
    },
    dispose(): void {
      resized.disconnect()
      events.dispose()
      units.dispose()
      map.setTarget()
    },
  }
}

export type MapHandle = ReturnType<typeof createMap>
