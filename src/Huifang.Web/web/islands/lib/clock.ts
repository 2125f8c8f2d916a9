/** Counts up in every element that says since when (Unix milliseconds), until its end if it has one. */
export function runClocks(): void {
  const tick = () => {
    for (const clock of document.querySelectorAll<HTMLElement>('[data-since]')) {
      const since = Number(clock.dataset['since']);
      if (!since) continue;
      const seconds = Math.max(0, Math.floor(((Number(clock.dataset['until']) || Date.now()) - since) / 1000));
      const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
      clock.textContent = `${h ? `${h}:` : ''}${String(m).padStart(2, '0')}:${String(s).padStart(2, '0')}`;
    }
  };
  tick();
  setInterval(tick, 1000);
}
