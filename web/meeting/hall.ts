import { ConnectionState, Room, RoomEvent, Track, type RemoteTrack } from 'livekit-client'

/** The room of a large meeting at the county's LiveKit; loaded only by who sits in one. */
export interface HallHooks {
  /** How the connection of this screen with the room stands. */
  onState(state: RTCPeerConnectionState): void
  /** A track of a member has come; the member by the number of his seat. */
  onTrack(member: number, track: MediaStreamTrack): void
  onFrame(member: number): void
}

export interface Hall {
  leave(): void
}

const ENTER_MS = 10_000
const FRAME_LOOK_MS = 200
const STATES: Readonly<Record<ConnectionState, RTCPeerConnectionState>> = {
  [ConnectionState.Disconnected]: 'failed',
  [ConnectionState.Connecting]: 'connecting',
  [ConnectionState.Connected]: 'connected',
  [ConnectionState.Reconnecting]: 'disconnected',
  [ConnectionState.SignalReconnecting]: 'disconnected',
}

/** Enters a room and sends there what this machine can send. Rejects when it cannot be entered in ten seconds. */
export async function enterHall(at: { url: string; token: string }, own: MediaStream, hooks: HallHooks): Promise<Hall> {
  // As older servers have it: a connection to send, one to receive. Six and more pictures come only as large as needed.
  const room = new Room({ singlePeerConnection: false, dynacast: true, stopLocalTrackOnUnpublish: false })
  const looking = new Set<ReturnType<typeof setInterval>>()

  /** The first picture is there when the decoder says so. */
  function lookForFrame(member: number, track: RemoteTrack): void {
    const timer = setInterval(async () => {
      const stats = await track.getRTCStatsReport().catch(() => undefined)
      for (const one of (stats?.values() ?? []) as Iterable<{ type: string; framesDecoded?: number }>) {
        if (one.type !== 'inbound-rtp' || (one.framesDecoded ?? 0) === 0) continue
        clearInterval(timer)
        hooks.onFrame(member)
        return
      }
    }, FRAME_LOOK_MS)
    looking.add(timer)
  }

  room.on(RoomEvent.TrackSubscribed, (track, _, who) => {
    const member = Number(who.identity)
    hooks.onTrack(member, track.mediaStreamTrack)
    if (track.kind === Track.Kind.Video) lookForFrame(member, track)
  })
  room.on(RoomEvent.ConnectionStateChanged, (state) => hooks.onState(STATES[state]))
  const hall: Hall = {
    leave() {
      room.removeAllListeners()
      for (const timer of looking) clearInterval(timer)
      void room.disconnect(false)
    },
  }
  try {
    // No STUN server of others is asked, whatever LiveKit is set to hand out.
    await room.connect(at.url, at.token, { maxRetries: 0, websocketTimeout: ENTER_MS / 2, peerConnectionTimeout: ENTER_MS, rtcConfig: { iceServers: [] } })
    for (const track of own.getTracks()) {
      const source = track.kind === 'video' ? Track.Source.Camera : Track.Source.Microphone
      await room.localParticipant.publishTrack(track, { source })
    }
  } catch (error) {
    hall.leave()
    throw error
  }
  return hall
}
