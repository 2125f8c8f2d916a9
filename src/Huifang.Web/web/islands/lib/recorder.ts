/**
 * Both voices, each on its own side: the agent left, the customer right. One second at a time goes to the server, in order and until it is there; the last one is
 * followed by the end. For a moment that must not be kept both sides are silenced in the recording alone.
 */
export class Recorder {
  private context: AudioContext;
  private gates: GainNode[] = [];
  private recorder: MediaRecorder | null = null;
  private pieces: Blob[] = [];
  private sent = 0;
  private sending: Promise<void> = Promise.resolve();
  private recording = '';

  constructor(private call: string, private form: string) {
    this.context = new AudioContext();
  }

  async start(agent: MediaStream, customer: MediaStream): Promise<boolean> {
    const type = 'audio/webm;codecs=opus';
    const begun = await fetch(`/desk/calls/${this.call}/recordings`, { method: 'POST', headers: { 'X-HF-Form': this.form, 'X-HF-Mime': type } });
    if (!begun.ok) return false;
    this.recording = (await begun.json() as { recording: string }).recording;
    const both = this.context.createChannelMerger(2);
    [agent, customer].forEach((stream, side) => {
      const gate = this.context.createGain();
      this.gates.push(gate);
      this.context.createMediaStreamSource(stream).connect(gate).connect(both, 0, side);
    });
    const out = this.context.createMediaStreamDestination();
    out.channelCount = 2;
    both.connect(out);
    await this.context.resume();
    this.recorder = new MediaRecorder(out.stream, { mimeType: type, audioBitsPerSecond: 64_000 });
    this.recorder.ondataavailable = event => { if (event.data.size > 0) { this.pieces.push(event.data); this.sending = this.sending.then(() => this.send()); } };
    this.recorder.start(1000);
    return true;
  }

  /** After a broken line the customer's voice comes as another stream; it goes on on the same side. */
  follow(customer: MediaStream): void {
    if (this.gates[1]) this.context.createMediaStreamSource(customer).connect(this.gates[1]);
  }

  get running(): boolean { return this.recorder?.state === 'recording'; }

  silence(milliseconds: number): void {
    const now = this.context.currentTime;
    for (const gate of this.gates) {
      gate.gain.cancelScheduledValues(now);
      gate.gain.setValueAtTime(0, now);
      gate.gain.setValueAtTime(1, now + milliseconds / 1000);
    }
  }

  /** The last second, then the end. */
  async stop(): Promise<void> {
    const recorder = this.recorder;
    if (!recorder || recorder.state === 'inactive') return;
    await new Promise<void>(done => { recorder.onstop = () => done(); recorder.stop(); });
    await this.sending;
    await fetch(`/desk/recordings/${this.recording}/end`, { method: 'POST', headers: { 'X-HF-Form': this.form, 'Content-Type': 'application/x-www-form-urlencoded' }, body: `pieces=${this.sent}`, keepalive: true });
    await this.context.close();
  }

  private async send(): Promise<void> {
    const piece = this.pieces.shift();
    if (!piece) return;
    for (let tries = 0; tries < 60; tries++) {
      try {
        const answer = await fetch(`/desk/recordings/${this.recording}/${this.sent}`, { method: 'PUT', headers: { 'X-HF-Form': this.form, 'Content-Type': 'application/octet-stream' }, body: piece });
        if (answer.ok) { this.sent++; return; }
        if (answer.status === 409 || answer.status === 413) return;
      } catch { /* the network: tried again below */ }
      await new Promise(done => setTimeout(done, Math.min(5000, 250 * 2 ** Math.min(tries, 5))));
    }
  }
}
