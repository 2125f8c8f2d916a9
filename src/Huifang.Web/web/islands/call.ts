// The customer's side of a call: picks up, talks, taps a number. The page works without it but for the sound.
import { deviceOf } from './lib/device';
import { openHub } from './lib/hub';
import { Line, type LineState } from './lib/line';
import { runClocks } from './lib/clock';

const root = document.querySelector<HTMLElement>('[data-customer-call]');
if (root) start(root);

function start(root: HTMLElement): void {
  const said = root.querySelector<HTMLElement>('[data-said]');
  const sound = root.querySelector<HTMLAudioElement>('[data-sound]');
  const state = root.querySelector<HTMLElement>('#state')!;
  let muted = false;
  let over = false;
  runClocks();

  const hub = openHub('customer', root.dataset['call'] ?? '', () => void look());
  const line = new Line(hub, false, JSON.parse(root.dataset['ice'] ?? '[]') as RTCIceServer[], changed);
  const opened = hub.start();
  const device = deviceOf(root.dataset['customer'] ?? '', root.dataset['form'] ?? '');
  device.catch(() => undefined);
  if (root.dataset['joined'] === 'True') talk();
  // A statement that is older than half a minute is worth nothing: it is asked for again long before.
  setInterval(() => void look(), 10_000);

  root.querySelector('[data-pick-up]')?.addEventListener('click', () => void pickUp());
  root.querySelector('[data-end]')?.addEventListener('click', () => void end());
  root.querySelector('[data-mute-me]')?.addEventListener('click', event => {
    muted = !muted;
    line.mute(muted);
    (event.currentTarget as HTMLElement).setAttribute('aria-pressed', String(muted));
    root.querySelector('[data-mute-words]')!.textContent = root.dataset[muted ? 'unmute' : 'mute'] ?? '';
  });
  root.addEventListener('submit', event => {
    const form = event.target as HTMLFormElement;
    if (!form.matches('[data-numbers], [data-stop-recording]')) return;
    event.preventDefault();
    void send(form, new FormData(form, (event as SubmitEvent).submitter));
  });

  async function send(form: HTMLFormElement, fields: FormData): Promise<void> {
    const words = form.dataset['signs'];
    if (words) {
      // Without a key of this device the number still counts as a warning when it is wrong; it opens nothing when it is right.
      try {
        const mine = await device;
        fields.set('device', mine.id);
        fields.set('signature', await mine.sign(words + String(fields.get('number'))));
      } catch { /* the server says what this means */ }
    }
    const answer = await fetch(form.action, { method: 'POST', body: fields, redirect: 'manual', headers: { Accept: 'application/problem+json' } });
    if (said) said.textContent = answer.headers.get('content-type')?.includes('problem') ? (await answer.json() as { title?: string }).title ?? '' : '';
    await look();
  }

  async function pickUp(): Promise<void> {
    try { await line.open(); } catch { if (said) said.textContent = root.dataset['nomic'] ?? ''; return; }
    await opened;
    if (await hub.invoke<boolean>('PickUp')) talk();
    else location.reload();
  }

  function talk(): void {
    document.querySelectorAll<HTMLElement>('[data-announce]').forEach(one => { one.hidden = true; });
    root.querySelectorAll<HTMLElement>('[data-talk]').forEach(one => { one.hidden = false; });
    document.body.classList.add('c-talk');
    if (root.dataset['joined'] === 'True') void opened.then(() => line.open()).then(() => hub.invoke('Here')).catch(() => undefined);
  }

  function changed(now: LineState): void {
    root.dataset['line'] = now;
    if (now === 'talking' && line.remote && sound && sound.srcObject !== line.remote) { sound.srcObject = line.remote; void sound.play().catch(() => undefined); }
    if (said) said.textContent = now === 'broken' ? root.dataset['broken'] ?? '' : '';
  }

  async function look(): Promise<void> {
    if (over) return;
    try {
      const answer = await fetch('/me/call/state', { headers: { Accept: 'text/html' }, redirect: 'manual' });
      const status = answer.headers.get('X-HF-Status');
      if (answer.status === 200 && status === 'Calling') { state.innerHTML = await answer.text(); return; }
      over = true;
      line.close();
      location.assign(status === 'NotUs' ? '/me/call?someone=true' : '/me');
    } catch { if (said) said.textContent = root.dataset['broken'] ?? ''; }
  }

  async function end(): Promise<void> {
    over = true;
    line.close();
    await fetch('/me/call/hang-up', { method: 'POST', headers: { 'X-HF-Form': root.dataset['form'] ?? '' }, redirect: 'manual' });
    location.assign('/me');
  }
}
