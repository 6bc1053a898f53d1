import { computed, shallowRef } from 'vue'
import type { NamedArea } from '@/api/areas'
import { add, begin, finish, measure, move, ringOf, undo, withPointer, type Drawing, type Tool } from '@/model/drawing'
import type { LonLat } from '@/model/geodesy'
import { cornersOf, villagesInside } from '@/model/inside'
import { reference } from '../store'

/** What the operator draws on one map, and what lies inside it. */
export function useTools() {
  const drawing = shallowRef<Drawing | null>(null)
  const pointer = shallowRef<LonLat | null>(null)
  /** The named area that is in hand, with its corners as they were. */
  const kept = shallowRef<NamedArea | null>(null)
  const change = (by: (drawing: Drawing) => Drawing): void => {
    if (drawing.value !== null) drawing.value = by(drawing.value)
  }
  const measured = computed(() => (drawing.value === null ? null : measure(withPointer(drawing.value, pointer.value))))
  const ring = computed(() => (drawing.value?.done === true ? ringOf(drawing.value) : null))
  const villages = computed(() => (ring.value === null ? [] : villagesInside(reference.value?.regions ?? [], ring.value)))

  return {
    drawing,
    pointer,
    kept,
    measured,
    ring,
    villages,
    /** The same tool again puts it away. */
    turn(tool: Tool): void {
      kept.value = null
      drawing.value = drawing.value?.tool === tool && !drawing.value.done ? null : begin(tool)
    },
    stop(): void {
      kept.value = null
      drawing.value = null
    },
    /** A named area is taken in hand: measured, used, its corners moved. */
    load(area: NamedArea): void {
      kept.value = area
      drawing.value = { tool: 'polygon', points: cornersOf(area.ring), done: true }
    },
    /** A press beside a named area begins no other. */
    add: (at: LonLat) => change((d) => (d.done && kept.value !== null ? d : add(d, at))),
    move: (n: number, at: LonLat) => change((d) => move(d, n, at)),
    undo: () => change(undo),
    finish: () => change(finish),
  }
}

export type Tools = ReturnType<typeof useTools>
