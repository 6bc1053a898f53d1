import { describe, expect, it } from 'vitest'
import { cameraLook, quietLook, sectorOf } from '@/model/cameras'

const tower = { kind: 'tower', lon: 115.5, lat: 27.9, bearing_deg: 90, angle_deg: 60, range_m: 3000, view_unsure: false, moved_at: null } as const

describe('cameras on the map', () => {
  it('shade what they see, half the angle to either side', () => {
    expect(sectorOf(tower)).toMatchObject({ from_deg: 90, half_deg: 30, radius_m: 3000, unsure: false })
    expect(sectorOf({ ...tower, view_unsure: true })).toMatchObject({ unsure: true })
    expect(sectorOf({ ...tower, bearing_deg: null, angle_deg: 360 })).toMatchObject({ half_deg: 180 })
  })
  it('shade nothing that was never measured', () => {
    for (const lacking of [{ angle_deg: null }, { range_m: null }, { bearing_deg: null }]) expect(sectorOf({ ...tower, ...lacking })).toBeNull()
  })
  it('are filled where there is a picture, hollow where there is none, and ringed when they were moved', () => {
    expect(cameraLook(tower, true)).toMatchObject({ shape: 'diamond', tone: '--well', filled: true, ringed: false })
    expect(cameraLook({ ...tower, moved_at: '2025-06-18T00:00:00Z' }, false)).toMatchObject({ tone: '--failed', filled: false, ringed: true })
    expect(quietLook(tower, false)).toMatchObject({ tone: '--map-text', filled: false })
    expect(quietLook(tower, true)).toEqual(cameraLook(tower, true))
    expect(cameraLook({ ...tower, kind: 'village' }, null)).toMatchObject({ shape: 'disc', tone: '--unit', filled: false })
  })
})
