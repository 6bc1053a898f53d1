/** The connection to one other screen: an offer and an answer, each whole, on a network without outside servers. */

const GATHER_MS = 1500
const FRAME_LOOK_MS = 200

/** Host candidates come in milliseconds; one that hangs is not waited for. */
function gathered(pc: RTCPeerConnection): Promise<void> {
  if (pc.iceGatheringState === 'complete') return Promise.resolve()
  return new Promise((done) => {
    const timer = setTimeout(done, GATHER_MS)
    pc.addEventListener('icegatheringstatechange', () => {
      if (pc.iceGatheringState !== 'complete') return
      clearTimeout(timer)
      done()
    })
  })
}

export interface LinkHooks {
  onState(state: RTCPeerConnectionState): void
  onFrame(): void
}

export class Link {
  readonly stream = new MediaStream()
  private readonly pc = new RTCPeerConnection({ iceServers: [] })
  private looking: ReturnType<typeof setInterval> | undefined

  constructor(
    private readonly own: MediaStream,
    private readonly hooks: LinkHooks,
  ) {
    this.pc.ontrack = ({ track }) => this.stream.addTrack(track)
    this.pc.onconnectionstatechange = () => {
      hooks.onState(this.pc.connectionState)
      if (this.pc.connectionState === 'connected') this.lookForFrame()
    }
  }

  /** Once more when the connection broke: new ways are looked for, what is sent stays. */
  async offer(again = false): Promise<string> {
    if (!again)
      for (const kind of ['audio', 'video'] as const) {
        const track = this.own.getTracks().find((x) => x.kind === kind)
        if (track === undefined) this.pc.addTransceiver(kind, { direction: 'recvonly' })
        else this.pc.addTransceiver(track, { direction: 'sendrecv' })
      }
    await this.pc.setLocalDescription(await this.pc.createOffer({ iceRestart: again }))
    return this.described()
  }

  async answer(sdp: string): Promise<string> {
    await this.pc.setRemoteDescription({ type: 'offer', sdp })
    for (const one of this.pc.getTransceivers()) {
      const track = this.own.getTracks().find((x) => x.kind === one.receiver.track.kind)
      await one.sender.replaceTrack(track ?? null)
      one.direction = track === undefined ? 'recvonly' : 'sendrecv'
    }
    await this.pc.setLocalDescription()
    return this.described()
  }

  async answered(sdp: string): Promise<void> {
    await this.pc.setRemoteDescription({ type: 'answer', sdp })
  }

  close(): void {
    clearInterval(this.looking)
    this.pc.onconnectionstatechange = null
    this.pc.close()
  }

  private async described(): Promise<string> {
    await gathered(this.pc)
    return this.pc.localDescription?.sdp ?? ''
  }

  /** The first picture is there when the decoder says so, whether or not this page lies in front. */
  private lookForFrame(): void {
    clearInterval(this.looking)
    this.looking = setInterval(() => void this.countFrames(), FRAME_LOOK_MS)
    void this.countFrames()
  }

  private async countFrames(): Promise<void> {
    const stats = await this.pc.getStats().catch(() => null)
    for (const one of stats?.values() ?? []) {
      const told = one as { type: string; kind?: string; framesDecoded?: number }
      if (told.type !== 'inbound-rtp' || told.kind !== 'video' || (told.framesDecoded ?? 0) === 0) continue
      clearInterval(this.looking)
      this.hooks.onFrame()
      return
    }
  }
}
