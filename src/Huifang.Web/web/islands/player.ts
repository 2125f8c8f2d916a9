// A recording is fetched only when somebody asks to hear it: asking is an entry in the audit.
document.addEventListener('click', event => {
  const button = (event.target as HTMLElement).closest<HTMLElement>('[data-play]');
  const sound = button?.parentElement?.querySelector('audio');
  if (!button || !sound) return;
  sound.hidden = false;
  if (!sound.src) sound.src = button.dataset['play'] ?? '';
  void sound.play().catch(() => undefined);
  button.hidden = true;
});
