// The desk: keys, the line, the recording and the note. Everything that is drawn comes from the server; this island only acts and says "look again".
import { openHub } from './lib/hub';
import { Line, type LineState } from './lib/line';
import { Recorder } from './lib/recorder';
import { runClocks } from './lib/clock';

function start(desk: HTMLElement): void {
  const call = desk.dataset['call'] ?? '';
  const form = desk.dataset['form'] ?? '';
  const look = () => document.body.dispatchEvent(new Event('hf-look'));
  const hub = openHub(call ? 'agent' : 'board', call, look);
  runClocks();
  keys(desk);
  keepChoice();

  // Another call in hand than the one that is drawn: the whole page anew.
  document.body.addEventListener('htmx:afterRequest', event => {
    const inHand = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail.xhr.getResponseHeader('X-HF-Call');
    if (inHand !== null && inHand !== call) location.reload();
  });

  if (!call) { void hub.start().catch(() => undefined); return; }
  note(call, form);
  const phone = new Phone(desk, call, form, hub, look);
  void hub.start().then(() => phone.resume()).catch(() => undefined);
}

/** The line, its buttons and the recording. */
class Phone {
  private line: Line;
  private recorder: Recorder | null = null;
  private starting = false;
  private sound = new Audio();
  private muted = false;
  private held = false;

  constructor(private desk: HTMLElement, private call: string, private form: string, private hub: ReturnType<typeof openHub>, private look: () => void) {
    this.line = new Line(hub, true, JSON.parse(desk.dataset['ice'] ?? '[]') as RTCIceServer[], state => this.changed(state));
    this.sound.autoplay = true;
    document.addEventListener('click', event => this.act((event.target as HTMLElement).closest<HTMLElement>('[data-line-act]')));
    document.addEventListener('hf-secret', () => { if (this.recorder?.running) { this.recorder.silence(6000); void this.mark('recording-muted'); } else void this.mark('secret-typed'); });
    document.body.addEventListener('htmx:afterSwap', () => void this.record());
  }

  /** After a reload in mid-call: says that we are here, and the line is set up anew. */
  async resume(): Promise<void> {
    if (this.state() === 'talking') await this.hub.invoke('Here');
  }

  private state(): string {
    return document.querySelector<HTMLElement>('[data-line]')?.dataset['line'] ?? 'over';
  }

  private changed(state: LineState): void {
    this.desk.dataset['sound'] = state;
    if (state === 'talking' && this.line.remote) {
      if (this.sound.srcObject !== this.line.remote) { this.sound.srcObject = this.line.remote; this.recorder?.follow(this.line.remote); void this.sound.play().catch(() => undefined); void this.mark('connected'); }
      void this.record();
    }
    if (state === 'broken') void this.mark('line-broke');
  }

  /** Begins when the customer has agreed and both voices are there; ends when she takes it back or the call is over. */
  private async record(): Promise<void> {
    const agreed = document.querySelector<HTMLElement>('#call-head')?.dataset['recording'] === 'Agreed';
    const over = this.state() === 'over';
    if (agreed && !over && !this.recorder && !this.starting && this.line.local && this.line.remote) {
      this.starting = true;
      const recorder = new Recorder(this.call, this.form);
      if (await recorder.start(this.line.local, this.line.remote)) this.recorder = recorder;
      this.desk.dataset['recorder'] = this.recorder ? 'running' : 'refused';
      this.starting = false;
    } else if (this.recorder && (!agreed || over)) await this.stop();
    if (over) this.line.close();
  }

  private async stop(): Promise<void> {
    const recorder = this.recorder;
    this.recorder = null;
    await recorder?.stop();
    this.desk.dataset['recorder'] = 'sealed';
  }

  private act(button: HTMLElement | null): void {
    switch (button?.dataset['lineAct']) {
      case 'mute': this.muted = !this.muted; button.setAttribute('aria-pressed', String(this.muted)); this.line.mute(this.muted || this.held); void this.mark(this.muted ? 'muted' : 'unmuted'); break;
      case 'hold': this.held = !this.held; button.setAttribute('aria-pressed', String(this.held)); this.line.mute(this.muted || this.held); this.sound.muted = this.held; void this.mark(this.held ? 'held' : 'resumed'); break;
      case 'hang-up': void this.hangUp(); break;
    }
  }

  private async hangUp(): Promise<void> {
    await this.stop();
    this.line.close();
    await post(`/desk/calls/${this.call}/hang-up`, this.form, {});
    this.look();
  }

  private mark(kind: string): Promise<unknown> {
    return post(`/desk/calls/${this.call}/marks`, this.form, { kind });
  }
}

/** The note saves itself; what stands in it as a tag is sent as its kind. */
function note(call: string, form: string): void {
  const pad = document.querySelector<HTMLElement>('[data-note]');
  const state = document.querySelector<HTMLElement>('[data-note-state]');
  const refused = document.querySelector<HTMLElement>('[data-refused]');
  if (!pad) return;
  let timer = 0;
  const read = (node: Node): string => [...node.childNodes].map(child =>
    child instanceof Text ? child.data
    : child instanceof HTMLElement && child.classList.contains('gone') ? `[${child.dataset['kind']}]`
    : child instanceof HTMLBRElement ? '\n'
    : `\n${read(child)}`).join('');
  const save = async () => {
    const answer = await post(`/desk/calls/${call}/note`, form, { words: read(pad).trim() });
    if (!answer.ok) return;
    const kept = await answer.json() as { kinds: string[]; words: string | null };
    if (state) state.textContent = pad.dataset['saved'] ?? '';
    if (kept.kinds.length > 0) {
      refused?.removeAttribute('hidden');
      // The server saw more than we did: show what it kept.
      if (kept.words !== null && kept.words !== read(pad).trim()) location.reload();
    }
  };
  pad.addEventListener('input', () => { if (state) state.textContent = pad.dataset['saving'] ?? ''; clearTimeout(timer); timer = window.setTimeout(() => void save(), 900); });
  pad.addEventListener('blur', () => { clearTimeout(timer); void save(); });
  pad.addEventListener('hf-secret', () => { refused?.removeAttribute('hidden'); clearTimeout(timer); timer = window.setTimeout(() => void save(), 300); });
}

/** Function keys choose an outcome even from a field; W and E go to the words and the note; Ctrl Enter finishes. */
function keys(desk: HTMLElement): void {
  document.addEventListener('keydown', event => {
    if (/^F[1-4]$/.test(event.key)) {
      const choice = desk.querySelector<HTMLElement>(`[data-key="${event.key.toLowerCase()}"]`);
      if (choice) { event.preventDefault(); event.stopImmediatePropagation(); choice.click(); }
      return;
    }
    const field = event.target instanceof HTMLElement && (event.target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName));
    if (event.ctrlKey && event.key === 'Enter' && !(event.target as HTMLElement).closest('form')) { event.preventDefault(); desk.querySelector<HTMLFormElement>('form[data-finish]')?.requestSubmit(); return; }
    if (field || event.ctrlKey || event.metaKey || event.altKey) return;
    const goal = event.key === 'w' ? desk.querySelector<HTMLElement>('[data-focus-key="w"]') : event.key === 'e' ? desk.querySelector<HTMLElement>('[data-key-focus="e"]') : null;
    if (goal) { event.preventDefault(); goal.focus(); }
  }, true);
}

/** A panel that is drawn anew keeps the choice that was made in it. */
function keepChoice(): void {
  let chosen: string[] = [];
  let open = false;
  document.body.addEventListener('htmx:beforeSwap', event => {
    const target = (event as CustomEvent<{ target: HTMLElement }>).detail.target;
    if (target.id !== 'outcome') return;
    chosen = [...target.querySelectorAll<HTMLInputElement>('input:checked')].map(input => `${input.name}=${input.value}`);
    open = target.querySelector('details')?.open ?? false;
  });
  document.body.addEventListener('htmx:afterSwap', () => {
    const panel = document.querySelector<HTMLElement>('#outcome');
    for (const input of panel?.querySelectorAll<HTMLInputElement>('input') ?? []) if (chosen.includes(`${input.name}=${input.value}`)) input.checked = true;
    const details = panel?.querySelector('details');
    if (details && open) details.open = true;
  });
}

function post(url: string, form: string, fields: Record<string, string>): Promise<Response> {
  return fetch(url, { method: 'POST', headers: { 'X-HF-Form': form, 'Content-Type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(fields) });
}

const desk = document.querySelector<HTMLElement>('[data-desk]');
if (desk) start(desk);
