// Dragging in the week: a stretch of time is moved, or drawn longer at an edge, in quarters of an hour; the day's own form is what is sent. The arrow keys do the same.
const svg = () => document.querySelector<SVGSVGElement>('svg[data-week="edit"]');
const step = 15, wide = 120, hours = 15, edge = 6;

type Bar = SVGRectElement;
interface Drag { bar: Bar; how: 'move' | 'start' | 'end'; x: number; moved: number; group: Bar[] }
let drag: Drag | undefined;

const minute = (bar: Bar, which: 'from' | 'to') => Number(bar.dataset[which]);
const shift = (bar: Bar, which: 'from' | 'to') => minute(bar, which) + Number(bar.dataset[`by${which}`] ?? 0);
const day = (bar: Bar) => [...svg()!.querySelectorAll<Bar>('rect[data-kind]')].filter(one => one.dataset['agent'] === bar.dataset['agent'] && one.dataset['day'] === bar.dataset['day']);

// What lies in a shift goes with it.
const withIt = (bar: Bar, how: Drag['how']) => how !== 'move' || bar.dataset['kind'] !== 'Shift' ? [bar]
  : day(bar).filter(one => one === bar || (one.dataset['kind'] !== 'Shift' && minute(one, 'from') >= minute(bar, 'from') && minute(one, 'to') <= minute(bar, 'to')));

function show(bar: Bar): void {
  const [x0, w0] = [Number(bar.dataset['x'] ??= bar.getAttribute('x')!), Number(bar.dataset['w'] ??= bar.getAttribute('width')!)];
  const per = wide / hours / 60, by = Number(bar.dataset['byfrom'] ?? 0) * per, to = Number(bar.dataset['byto'] ?? 0) * per;
  bar.setAttribute('x', String(x0 + by));
  bar.setAttribute('width', String(Math.max(3, w0 + to - by)));
  bar.classList.toggle('sel', by !== 0 || to !== 0);
}

function put(group: Bar[], how: Drag['how'], minutes: number, add = false): void {
  for (const one of group) {
    for (const which of how === 'move' ? ['byfrom', 'byto'] : how === 'start' ? ['byfrom'] : ['byto'])
      one.dataset[which] = String((add ? Number(one.dataset[which] ?? 0) : 0) + minutes);
    show(one);
  }
}

const clock = (minutes: number) => `${String(Math.floor(((minutes + 1440) % 1440) / 60)).padStart(2, '0')}:${String(((minutes % 60) + 60) % 60).padStart(2, '0')}`;

async function send(bar: Bar): Promise<void> {
  const form = new FormData();
  form.set('__RequestVerificationToken', document.querySelector<HTMLInputElement>('input[name="__RequestVerificationToken"]')!.value);
  for (const one of day(bar)) {
    form.append('kind', one.dataset['kind']!);
    form.append('start', clock(shift(one, 'from')));
    form.append('end', clock(shift(one, 'to')));
  }
  const answer = await fetch(`/people/${encodeURIComponent(bar.dataset['agent']!)}/days/${bar.dataset['day']!}`, { method: 'POST', body: form, headers: { Accept: 'text/html' } });
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('#main');
  if (page) document.querySelector('#main')!.replaceWith(page);
  [...(svg()?.querySelectorAll<Bar>('rect[tabindex]') ?? [])].find(one => one.dataset['day'] === bar.dataset['day'] && one.dataset['kind'] === bar.dataset['kind'])?.focus();
}

function reset(bar: Bar): void {
  for (const one of day(bar)) { delete one.dataset['byfrom']; delete one.dataset['byto']; show(one); }
}

document.addEventListener('pointerdown', event => {
  const bar = (event.target as Element).closest<Bar>('svg[data-week="edit"] rect[data-kind]');
  if (!bar || event.button !== 0) return;
  event.preventDefault();
  const box = bar.getBoundingClientRect();
  const how = event.clientX - box.left < edge ? 'start' : box.right - event.clientX < edge ? 'end' : 'move';
  drag = { bar, how, x: event.clientX, moved: 0, group: withIt(bar, how) };
  bar.setPointerCapture(event.pointerId);
});

document.addEventListener('pointermove', event => {
  if (!drag) return;
  const scale = svg()!.viewBox.baseVal.width / svg()!.getBoundingClientRect().width;
  const minutes = Math.round((event.clientX - drag.x) * scale / wide * hours * 60 / step) * step;
  if (minutes === drag.moved) return;
  drag.moved = minutes;
  put(drag.group, drag.how, minutes);
});

document.addEventListener('pointerup', () => {
  const done = drag;
  drag = undefined;
  if (!done) return;
  if (done.moved !== 0) void send(done.bar);
  else location.href = `?week=${done.bar.dataset['day']!}&agent=${encodeURIComponent(done.bar.dataset['agent']!)}&day=${done.bar.dataset['day']!}`;
});

document.addEventListener('keydown', event => {
  const bar = document.activeElement?.closest<Bar>('svg[data-week="edit"] rect[data-kind]');
  if (!bar) return;
  if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
    event.preventDefault();
    const how = event.shiftKey ? 'end' : event.altKey ? 'start' : 'move';
    put(withIt(bar, how), how, event.key === 'ArrowRight' ? step : -step, true);
  } else if (event.key === 'Enter') { event.preventDefault(); void send(bar); }
  else if (event.key === 'Escape') reset(bar);
});
