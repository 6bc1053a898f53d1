import Feature from 'ol/Feature'
import Circle from 'ol/geom/Circle'
import LineString from 'ol/geom/LineString'
import Point from 'ol/geom/Point'
import Polygon from 'ol/geom/Polygon'
import Draw from 'ol/interaction/Draw'
import { defaults as defaultInteractions } from 'ol/interaction/defaults'
import VectorLayer from 'ol/layer/Vector'
import OlMap from 'ol/Map'
import { fromLonLat, getPointResolution, toLonLat } from 'ol/proj'
import VectorSource from 'ol/source/Vector'
import { Fill, Icon, Stroke, Style } from 'ol/style'
import View from 'ol/View'
import type { BaseMap } from '@/api/types'
import { SPOT_PATHS, type SpotArea, type SpotMark, type SpotSector, type SpotTie } from '@/model/spotMarks'
import { createBase } from './base'
import { rimOf } from './cameras'
import { scaled } from './scaled'
import { label, readPalette, svgUrl, withAlpha, type Palette } from './symbols'

const NAMES_BELOW = 26
const HIT_PX = 6
const PX = 17
const NEAR_RESOLUTION = 30

function icon(mark: SpotMark, palette: Palette): Icon {
  const ink = palette.get(mark.tone)
  const dim = mark.faint ? ' opacity="0.35"' : ''
  const ring = mark.ringed || mark.selected ? `<circle cx="18" cy="18" r="16.5" fill="none" stroke="${palette.get(mark.selected ? '--strong' : mark.tone)}" stroke-width="2.5"/>` : ''
  const body = `<g${dim}>${ring}<path transform="translate(6 6)" d="${SPOT_PATHS[mark.shape]}" fill="${mark.filled ? ink : palette.get('--map-halo')}" stroke="${ink}" stroke-width="2.6"/></g>`
  const size = (mark.filled ? PX : PX * 0.8) * 1.5
  return new Icon({ src: svgUrl(body, 36), width: size, height: size, declutterMode: 'obstacle' })
}

/** A map of places with signs of their own: shelters, warehouses. Lines and a sector of the wind lie below them. `scale` as of `createMap`. */
export function createSpotMap(box: HTMLElement, geojson: BaseMap, on: { pick: (id: number) => void }, scale = 1) {
  const target = scaled(box, scale)
  let palette = readPalette()
  const base = createBase(() => palette)
  const spots = new VectorSource<Feature>()
  const ties = new VectorSource<Feature>()
  const sector = new VectorSource<Feature>()
  const outlines = new VectorSource<Feature>()
  let marks: readonly SpotMark[] = []

  const sectorLayer = new VectorLayer({
    source: sector,
    zIndex: 2,
    style: (feature) => new Style({ ...(feature.get('unsure') === true ? {} : { fill: new Fill({ color: withAlpha(palette.get('--well'), 0.16) }) }), stroke: new Stroke({ color: palette.get('--well'), width: 1.2, lineDash: [6, 5] }) }),
  })
  const outlineLayer = new VectorLayer({
    source: outlines,
    zIndex: 2,
    style: () => new Style({ fill: new Fill({ color: withAlpha(palette.get('--warn'), 0.12) }), stroke: new Stroke({ color: palette.get('--warn'), width: 1.6 }) }),
  })
  const tieLayer = new VectorLayer({
    source: ties,
    zIndex: 3,
    declutter: 'names',
    style: (feature) => {
      const tie = feature.get('tie') as SpotTie
      const stroke = new Stroke({ color: palette.get('--focus'), width: tie.dashed ? 1.3 : 2, ...(tie.dashed ? { lineDash: [5, 5] } : {}) })
      const name = new Style({ text: label(tie.label, palette, { colour: '--text', size: 12, offsetY: -10 }) })
      name.setGeometry(new Point(fromLonLat([tie.from.lon, tie.from.lat])))
      return [new Style({ stroke }), name]
    },
  })
  const drawn = new VectorSource<Feature>()
  const drawnLayer = new VectorLayer({
    source: drawn,
    zIndex: 3,
    style: () => new Style({ fill: new Fill({ color: withAlpha(palette.get('--focus'), 0.14) }), stroke: new Stroke({ color: palette.get('--focus'), width: 2 }) }),
  })
  let drawing: Draw | null = null
  let pointing: ((lon: number, lat: number) => void) | null = null
  const spotLayer = new VectorLayer({
    source: spots,
    zIndex: 4,
    declutter: 'names',
    style: (feature, resolution) => {
      const mark = feature.get('mark') as SpotMark
      const symbol = new Style({ image: icon(mark, palette), zIndex: mark.ringed ? 3 : mark.filled ? 2 : 1 })
      if (!mark.selected && (mark.faint || (resolution > NAMES_BELOW && !mark.filled))) return symbol
      return [symbol, new Style({ text: label(mark.label, palette, { colour: mark.selected ? '--strong' : '--text', size: 12, offsetY: 18, always: mark.selected }), zIndex: 4 })]
    },
  })

  const view = new View({ center: [0, 0], zoom: 10, maxZoom: 17, minZoom: 7, enableRotation: false })
  const map = new OlMap({
    target,
    pixelRatio: devicePixelRatio * scale,
    view,
    controls: [],
    interactions: defaultInteractions({ altShiftDragRotate: false, pinchRotate: false, keyboard: false }),
    layers: [...base.layers, sectorLayer, outlineLayer, tieLayer, drawnLayer, spotLayer],
  })
  map.on('singleclick', (event) => {
    if (drawing !== null) return
    if (pointing !== null) {
      const [lon = 0, lat = 0] = toLonLat(event.coordinate)
      pointing(Math.round(lon * 1e6) / 1e6, Math.round(lat * 1e6) / 1e6)
      return
    }
    const hit = map.forEachFeatureAtPixel(event.pixel, (f) => f.get('mark') as SpotMark | undefined, { hitTolerance: HIT_PX, layerFilter: (l) => l === spotLayer })
    if (hit !== undefined) on.pick(hit.id)
  })
  base.set(geojson)
  const resized = new ResizeObserver(() => map.updateSize())
  resized.observe(target)

  function fit(): void {
    const extent = base.extent()
    map.updateSize()
    if (extent !== null) view.fit(extent, { padding: [14, 14, 14, 14] })
  }
  fit()

  return {
    show(next: readonly SpotMark[]): void {
      if (JSON.stringify(next) === JSON.stringify(marks)) return
      marks = next
      spots.clear()
      spots.addFeatures(marks.map((mark) => new Feature({ geometry: new Point(fromLonLat([mark.lon, mark.lat])), mark })))
    },
    tie(lines: readonly SpotTie[]): void {
      ties.clear()
      ties.addFeatures(lines.map((tie) => new Feature({ geometry: new LineString([tie.from, tie.to].map((p) => fromLonLat([p.lon, p.lat]))), tie })))
    },
    /** The projection keeps angles, so a bearing is the same angle on the map. */
    shade(...sectors: readonly SpotSector[]): void {
      sector.clear()
      for (const wind of sectors) {
        const at = fromLonLat([wind.lon, wind.lat])
        sector.addFeature(new Feature({ geometry: new Polygon([rimOf(wind, at)]), unsure: wind.unsure === true }))
      }
    },
    /** Shows areas, rings of lon and lat. */
    areas(rings: readonly [number, number][][]): void {
      drawn.clear()
      drawn.addFeatures(rings.map((ring) => new Feature(new Polygon([ring.map((p) => fromLonLat(p))]))))
    },
    /** Lets one area be drawn point by point; a double click ends it. null: no longer. */
    draw(done: ((ring: [number, number][]) => void) | null): void {
      if (drawing !== null) map.removeInteraction(drawing)
      drawing = done === null ? null : new Draw({ type: 'Polygon', source: drawn })
      if (drawing === null || done === null) return
      drawing.on('drawend', (event) => {
        const rings = (event.feature.getGeometry() as Polygon).getCoordinates()
        done((rings[0] ?? []).slice(0, -1).map((p) => toLonLat(p).map((x) => Math.round(x * 1e6) / 1e6) as [number, number]))
      })
      map.addInteraction(drawing)
    },
    /** Lets the next presses say a place instead of picking a mark. null: no longer. */
    point(told: ((lon: number, lat: number) => void) | null): void {
      pointing = told
      target.style.cursor = told === null ? '' : 'crosshair'
    },
    /** The area of a warning as it was sent: polygons and circles. */
    outline(areas: readonly SpotArea[]): void {
      outlines.clear()
      for (const area of areas) {
        for (const ring of area.polygons) outlines.addFeature(new Feature(new Polygon([ring.map(([lat = 0, lon = 0]) => fromLonLat([lon, lat]))])))
        for (const c of area.circles) {
          const at = fromLonLat([c.lon, c.lat])
          outlines.addFeature(new Feature(new Circle(at, (c.radius_km * 1000) / getPointResolution('EPSG:3857', 1, at))))
        }
      }
    },
    focus(at: { lon: number; lat: number }): void {
      view.animate({ center: fromLonLat([at.lon, at.lat]), resolution: Math.min(view.getResolution() ?? NEAR_RESOLUTION, NEAR_RESOLUTION), duration: 300 })
    },
    fit,
    retheme(): void {
      palette = readPalette()
      base.redraw()
      for (const layer of [sectorLayer, outlineLayer, tieLayer, drawnLayer, spotLayer]) layer.changed()
    },
    drawn: {
      spots: () => marks,
      ties: () => ties.getFeatures().map((f) => f.get('tie') as SpotTie),
      outlines: () => outlines.getFeatures().length,
      sectors: () => sector.getFeatures().length,
      /** Where a place is drawn, in CSS pixels of the map. */
      pixelOf: (id: number): number[] | null => {
        const mark = marks.find((m) => m.id === id)
        return mark === undefined ? null : map.getPixelFromCoordinate(fromLonLat([mark.lon, mark.lat])).map((px) => px * scale)
      },
    },
    dispose(): void {
      resized.disconnect()
      map.setTarget()
    },
  }
}

export type SpotMapHandle = ReturnType<typeof createSpotMap>
