import { fromLonLat, toLonLat } from 'ol/proj'
import { fromGcj02, toGcj02 } from './gcj02'

/** What the tiles below are drawn in. Everything we know is WGS-84; only its drawing is shifted. */
export type Datum = 'wgs84' | 'gcj02'

export interface Ground {
  readonly datum: () => Datum
  /** Where a place (lon, lat) is drawn. */
  readonly place: (lonLat: readonly number[]) => number[]
  /** Which place is drawn there. */
  readonly lonLat: (drawn: readonly number[]) => { lon: number; lat: number }
}

const pair = ([lon = 0, lat = 0]: readonly number[]): { lon: number; lat: number } => ({ lon, lat })

/** A ground that can change what it is drawn in. */
export function createGround(): Ground & { set: (datum: Datum) => void } {
  let datum: Datum = 'wgs84'
  return {
    datum: () => datum,
    place(lonLat) {
      const at = pair(lonLat)
      const { lon, lat } = datum === 'gcj02' ? toGcj02(at) : at
      return fromLonLat([lon, lat])
    },
    lonLat(drawn) {
      const at = pair(toLonLat([...drawn]))
      return datum === 'gcj02' ? fromGcj02(at) : at
    },
    set: (next) => void (datum = next),
  }
}

/** Ground without tiles of others: nothing is ever shifted. */
export const PLAIN: Ground = createGround()

/** Moves flat coordinates of the map from one drawing to another, as the map library asks for it. */
export function shifted(from: Ground['lonLat'], to: Ground['place']) {
  return (input: number[], output?: number[], dimension = 2): number[] => {
    const result = output ?? new Array<number>(input.length)
    for (let n = 0; n < input.length; n += dimension) {
      const { lon, lat } = from([input[n] ?? 0, input[n + 1] ?? 0])
      const [x = 0, y = 0] = to([lon, lat])
      for (let more = 2; more < dimension; more++) result[n + more] = input[n + more] ?? 0
      result[n] = x
      result[n + 1] = y
    }
    return result
  }
}
