// Keys that work on every staff page: "/" searches, J and K move along rows, Enter opens, Esc leaves a field, and any element may name its own key.
// <… data-key="n"> is clicked by that letter, but only while no field has the focus; <tr data-row><a …> is a row that J and K can stand on.

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));
}

function move(step: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  if (rows.length === 0) return;
  const at = rows.findIndex(row => row.classList.contains('on'));
  const next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
  if (!next) return;
  rows.forEach(row => row.classList.toggle('on', row === next));
  next.scrollIntoView({ block: 'nearest' });
  next.dispatchEvent(new CustomEvent('hf:row', { bubbles: true }));
}

document.addEventListener('keydown', event => {
  if (event.ctrlKey && event.key === 'Enter') {
    const form = (event.target as HTMLElement).closest('form');
    if (form) { event.preventDefault(); form.requestSubmit(); }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (isField(event.target)) {
    if (event.key === 'Escape') (event.target as HTMLElement).blur();
    return;
  }
  if (event.key === '/') {
    const search = document.querySelector<HTMLElement>('.search input');
    if (search) { event.preventDefault(); search.focus(); }
    return;
  }
  const key = event.key.toLowerCase();
  const named = [...document.querySelectorAll<HTMLElement>('[data-key]')].find(one => one.dataset['key']?.toLowerCase() === key && !one.hasAttribute('disabled') && one.offsetParent !== null);
  if (named) { event.preventDefault(); named.click(); return; }
  if (key === 'j') move(1);
  else if (key === 'k') move(-1);
  else if (event.key === 'Enter' && event.target === document.body) document.querySelector<HTMLAnchorElement>('[data-row].on a')?.click();
});

// A menu closes when the person turns to something else.
document.addEventListener('click', event => {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>('details.me[open], details[data-menu][open]'))
    if (!menu.contains(event.target as Node)) menu.open = false;
});
