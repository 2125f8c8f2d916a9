// Keeps the state of calls fresh on the customer's page and fails closed: what is older than its time turns into "cannot confirm" at the server's word,
// or, when the server cannot be reached, by going back to the page that says so.

const box = document.querySelector<HTMLElement>('[data-refresh]');
let seen = Date.now();

async function look(): Promise<void> {
  const here = document.querySelector<HTMLElement>('[data-refresh]');
  if (!here) return;
  try {
    const answer = await fetch(here.dataset['refresh'] ?? '', { headers: { Accept: 'text/html' }, signal: AbortSignal.timeout(8000), cache: 'no-store' });
    if (answer.redirected || answer.status === 401) { location.reload(); return; }
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-refresh]');
    if (fresh) here.replaceWith(document.adoptNode(fresh));
    seen = Date.now();
  } catch {
    const limit = Number(here.dataset['fresh'] ?? '30') * 1000;
    if (Date.now() - seen > limit) here.classList.add('stale');
  }
}

if (box) {
  setInterval(look, 10_000);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) void look(); });
}

const page = document.querySelector<HTMLElement>('[data-refresh-page]');
if (page) setTimeout(() => location.reload(), Number(page.dataset['refreshPage']) * 1000);
