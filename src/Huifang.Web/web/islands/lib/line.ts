import type { HubConnection } from '@microsoft/signalr';

export type LineState = 'waiting' | 'connecting' | 'talking' | 'broken' | 'closed';

/**
 * The sound of one call, from browser to browser (DTLS-SRTP). The agent's side offers, whenever the customer says that she is there; a broken line is set up anew
 * by saying "here" again. Nothing but the set-up goes through the hub.
 */
export class Line {
  private peer: RTCPeerConnection | null = null;
  private waiting: RTCIceCandidateInit[] = [];
  local: MediaStream | null = null;
  remote: MediaStream | null = null;

  constructor(private hub: HubConnection, private offers: boolean, private ice: RTCIceServer[], private told: (state: LineState) => void) {
    hub.on('signal', (kind: string, payload: string) => void this.take(kind, JSON.parse(payload)));
    hub.on('ready', () => void this.offer());
    hub.on('here', () => void (this.offers ? this.offer() : this.hub.invoke('Here')));
  }

  /** Takes the microphone; throws when the person does not allow it. */
  async open(): Promise<void> {
    this.local ??= await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
  }

  mute(muted: boolean): void {
    this.local?.getAudioTracks().forEach(track => { track.enabled = !muted; });
  }

  close(): void {
    this.peer?.close();
    this.peer = null;
    this.local?.getTracks().forEach(track => track.stop());
    this.local = null;
    this.told('closed');
  }

  private async offer(): Promise<void> {
    if (!this.offers) return;
    await this.open();
    const peer = this.renew();
    await peer.setLocalDescription(await peer.createOffer());
    await this.hub.invoke('Signal', 'offer', JSON.stringify(peer.localDescription));
  }

  private async take(kind: string, payload: RTCSessionDescriptionInit & RTCIceCandidateInit): Promise<void> {
    if (kind === 'offer') {
      await this.open();
      const peer = this.renew();
      await peer.setRemoteDescription(payload);
      await this.flush();
      await peer.setLocalDescription(await peer.createAnswer());
      await this.hub.invoke('Signal', 'answer', JSON.stringify(peer.localDescription));
    } else if (kind === 'answer' && this.peer?.signalingState === 'have-local-offer') {
      await this.peer.setRemoteDescription(payload);
      await this.flush();
    } else if (kind === 'candidate') {
      if (this.peer?.remoteDescription) await this.peer.addIceCandidate(payload).catch(() => undefined);
      else this.waiting.push(payload);
    }
  }

  private async flush(): Promise<void> {
    for (const candidate of this.waiting.splice(0)) await this.peer?.addIceCandidate(candidate).catch(() => undefined);
  }

  private renew(): RTCPeerConnection {
    this.peer?.close();
    const peer = new RTCPeerConnection({ iceServers: this.ice, bundlePolicy: 'max-bundle' });
    this.peer = peer;
    this.told('connecting');
    this.local?.getTracks().forEach(track => peer.addTrack(track, this.local!));
    peer.ontrack = event => { this.remote = event.streams[0] ?? new MediaStream([event.track]); if (peer === this.peer) this.told('talking'); };
    peer.onicecandidate = event => { if (event.candidate) void this.hub.invoke('Signal', 'candidate', JSON.stringify(event.candidate)); };
    peer.onconnectionstatechange = () => {
      if (peer !== this.peer) return;
      if (peer.connectionState === 'connected') this.told('talking');
      if (peer.connectionState === 'failed' || peer.connectionState === 'disconnected') {
        this.told('broken');
        window.setTimeout(() => { if (peer === this.peer && peer.connectionState !== 'connected') void (this.offers ? this.offer() : this.hub.invoke('Here')); }, 2000);
      }
    };
    return peer;
  }
}
