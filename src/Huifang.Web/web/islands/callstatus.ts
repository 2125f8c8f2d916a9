// "We are not calling you" is worth nothing when it is old: the page asks again every ten seconds, and says grey when it cannot.
const shown = document.querySelector<HTMLElement>('[data-call-status]')?.dataset['callStatus'];
if (shown) {
  setInterval(() => void (async () => {
    try {
      const answer = await fetch('/me/call/state', { redirect: 'manual' });
      const now = answer.headers.get('X-HF-Status');
      if (now === 'Calling' || (now !== null && now !== shown && shown !== 'NotUs')) location.reload();
    } catch { if (shown !== 'CannotConfirm') document.body.classList.add('c-stale'); }
  })(), 10_000);
}
