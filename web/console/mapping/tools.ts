import { computed, shallowRef } from 'vue'
import { add, begin, finish, measure, ringOf, undo, withPointer, type Drawing, type Tool } from '@/model/drawing'
import type { LonLat } from '@/model/geodesy'
import { villagesInside } from '@/model/inside'
import { reference } from '../store'

/** What the operator draws on one map, and what lies inside it. */
export function useTools() {
  const drawing = shallowRef<Drawing | null>(null)
  const pointer = shallowRef<LonLat | null>(null)
  const change = (by: (drawing: Drawing) => Drawing): void => {
    if (drawing.value !== null) drawing.value = by(drawing.value)
  }
  const measured = computed(() => (drawing.value === null ? null : measure(withPointer(drawing.value, pointer.value))))
  const ring = computed(() => (drawing.value?.done === true ? ringOf(drawing.value) : null))
  const villages = computed(() => (ring.value === null ? [] : villagesInside(reference.value?.regions ?? [], ring.value)))

  return {
    drawing,
    pointer,
    measured,
    ring,
    villages,
    /** The same tool again puts it away. */
    turn(tool: Tool): void {
      drawing.value = drawing.value?.tool === tool && !drawing.value.done ? null : begin(tool)
    },
    stop: () => void (drawing.value = null),
    add: (at: LonLat) => change((d) => add(d, at)),
    undo: () => change(undo),
    finish: () => change(finish),
  }
}

export type Tools = ReturnType<typeof useTools>
