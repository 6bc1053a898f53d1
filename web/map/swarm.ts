import type { FrameState } from 'ol/Map'
import Layer from 'ol/layer/Layer'
import { apply, type Transform } from 'ol/transform'
import type { Freshness } from '@/model/units'
import { PLAIN, type Ground } from './ground'
import { clustered, pixelGrid, type Cluster } from './grid'
import { mapFont, withAlpha, type Palette } from './symbols'
import type { UnitMark } from './units'

const CLUSTERS_ABOVE = 55 // metres of the map a pixel
const CELL_PX = 46
const LEAST_TOGETHER = 4
const LABELS_BELOW = 18
const MOST_LABELS = 300
const SPRITE_PX = 24
const MARGIN_PX = 20

interface Drawn {
  mark: UnitMark
  x: number
  y: number
  single: boolean
}

/** What one unit looks like, drawn once and stamped thousands of times. */
function sprite(style: Freshness, committed: boolean, ratio: number, palette: Palette): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = Math.ceil(SPRITE_PX * ratio)
  const ink = palette.get(style === 'dashed' ? '--stale' : '--unit')
  const c = canvas.getContext('2d')
  if (c === null) return canvas
  c.scale(ratio, ratio)
  c.translate(SPRITE_PX / 2, SPRITE_PX / 2)
  c.strokeStyle = ink
  c.fillStyle = style === 'fresh' ? ink : palette.get('--map-halo')
  c.lineWidth = 1.6
  if (style === 'dashed') c.setLineDash([2.5, 2.5])
  c.beginPath()
  c.arc(0, 0, 4.5, 0, 2 * Math.PI)
  c.fill()
  c.stroke()
  if (committed) {
    c.setLineDash([])
    c.beginPath()
    c.arc(0, 0, 8.5, 0, 2 * Math.PI)
    c.stroke()
  }
  return canvas
}

/** Draws into the canvas of the layers below: one of its own would be one more picture to put together. */
class SwarmLayer extends Layer {
  constructor(private readonly draw: (frame: FrameState, c: CanvasRenderingContext2D) => void) {
    super({ zIndex: 4 })
  }

  override render(frame: FrameState | null, below: HTMLElement | null): HTMLElement {
    const c = below?.querySelector('canvas')?.getContext('2d')
    if (frame !== null && c) this.draw(frame, c)
    return below ?? document.createElement('div')
  }
}

/** Thousands of units in one canvas: stamped, gathered into counts when far out, found by a grid. */
export function createSwarm(palette: () => Palette, ground: Ground = PLAIN) {
  let points: Drawn[] = []
  let bySize: { resolution: number; clusters: Cluster[]; singles: number[] } | null = null
  let sprites = new Map<string, HTMLCanvasElement>()
  let grid = pixelGrid()
  let shown: { clusters: Cluster[]; points: number } = { clusters: [], points: 0 }
  const toPixel = (frame: FrameState, at: { x: number; y: number }): [number, number] => {
    const [x = 0, y = 0] = apply(frame.coordinateToPixelTransform as Transform, [at.x, at.y])
    return [x, y]
  }

  function arranged(resolution: number): { clusters: Cluster[]; singles: number[] } {
    if (bySize === null || bySize.resolution !== resolution) {
      const far = resolution > CLUSTERS_ABOVE
      bySize = { resolution, ...(far ? clustered(points, CELL_PX * resolution, LEAST_TOGETHER) : { clusters: [], singles: points.map((_, index) => index) }) }
    }
    return bySize
  }

  function stamp(frame: FrameState, c: CanvasRenderingContext2D, singles: readonly number[], named: boolean): number {
    const [width, height] = frame.size as [number, number]
    const ratio = frame.pixelRatio
    const names: { text: string; x: number; y: number; stale: boolean }[] = []
    let count = 0
    for (const index of singles) {
      const one = points[index]
      if (one === undefined) continue
      const [x, y] = toPixel(frame, one)
      if (x < -MARGIN_PX || y < -MARGIN_PX || x > width + MARGIN_PX || y > height + MARGIN_PX) continue
      const { style, committed } = one.mark
      const key = `${style} ${committed} ${ratio}`
      const look = sprites.get(key) ?? sprite(style, committed, ratio, palette())
      sprites.set(key, look)
      c.drawImage(look, (x - SPRITE_PX / 2) * ratio, (y - SPRITE_PX / 2) * ratio)
      grid.add(x, y, index)
      count += 1
      if ((named || committed) && names.length < MOST_LABELS) names.push({ text: style === 'fresh' ? one.mark.label : `${one.mark.label} ${one.mark.age}`, x, y: y + (committed ? 20 : 16), stale: style === 'dashed' })
    }
    write(c, names, ratio)
    return count
  }

  /** Names that would lie over one another give way, the first come stays. */
  function write(c: CanvasRenderingContext2D, names: readonly { text: string; x: number; y: number; stale: boolean }[], ratio: number): void {
    const taken = new Set<string>()
    c.save()
    c.scale(ratio, ratio)
    c.font = mapFont(11)
    c.textAlign = 'center'
    c.textBaseline = 'middle'
    c.lineWidth = 3
    c.strokeStyle = palette().get('--map-halo')
    for (const name of names) {
      const half = (name.text.length * 11) / 2
      const cells: string[] = []
      for (let x = Math.floor((name.x - half) / 24); x <= Math.floor((name.x + half) / 24); x++) cells.push(`${x} ${Math.round(name.y / 15)}`)
      if (cells.some((cell) => taken.has(cell))) continue
      cells.forEach((cell) => taken.add(cell))
      c.fillStyle = palette().get(name.stale ? '--stale' : '--text')
      c.strokeText(name.text, name.x, name.y)
      c.fillText(name.text, name.x, name.y)
    }
    c.restore()
  }

  function gather(frame: FrameState, c: CanvasRenderingContext2D, clusters: readonly Cluster[]): void {
    c.save()
    c.scale(frame.pixelRatio, frame.pixelRatio)
    c.font = mapFont(12, 600)
    c.textAlign = 'center'
    c.textBaseline = 'middle'
    c.lineWidth = 1.6
    c.strokeStyle = palette().get('--unit')
    for (const cluster of clusters) {
      const [x, y] = toPixel(frame, cluster)
      c.fillStyle = withAlpha(palette().get('--map-halo'), 0.9)
      c.beginPath()
      c.arc(x, y, 10 + Math.min(8, Math.log2(cluster.members.length)), 0, 2 * Math.PI)
      c.fill()
      c.stroke()
      c.fillStyle = palette().get('--text')
      c.fillText(String(cluster.members.length), x, y + 0.5)
    }
    c.restore()
  }

  function draw(frame: FrameState, c: CanvasRenderingContext2D): void {
    grid = pixelGrid()
    const { clusters, singles } = arranged(frame.viewState.resolution)
    c.save()
    c.setTransform(1, 0, 0, 1, 0, 0)
    gather(frame, c, clusters)
    shown = { clusters, points: stamp(frame, c, singles, frame.viewState.resolution < LABELS_BELOW) }
    c.restore()
  }
  const layer = new SwarmLayer(draw)

  return {
    layer,
    set(marks: readonly UnitMark[]): void {
      points = marks.map((mark) => {
        const [x = 0, y = 0] = ground.place([mark.lon, mark.lat])
        return { mark, x, y, single: mark.committed }
      })
      bySize = null
      layer.changed()
    },
    /** The unit under a pixel of the map, null for none. */
    unitAt(pixel: number[], reachPx: number): number | null {
      const index = grid.at(pixel[0] ?? 0, pixel[1] ?? 0, reachPx)
      return index === null ? null : (points[index]?.mark.team_id ?? null)
    },
    /** The middle of the cluster within the reach of a place of the map, null for none. */
    clusterAt(at: number[], reach: number): [number, number] | null {
      const found = shown.clusters.find((one) => Math.hypot(one.x - (at[0] ?? 0), one.y - (at[1] ?? 0)) <= reach)
      return found === undefined ? null : [found.x, found.y]
    },
    redraw(): void {
      sprites = new Map()
      layer.changed()
    },
    drawn: () => ({ all: points.map((one) => one.mark), clusters: shown.clusters.map((one) => one.members.length), points: shown.points }),
  }
}
