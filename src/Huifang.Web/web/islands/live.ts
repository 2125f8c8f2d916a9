// The board asks again when the hub says so, and once a minute for what the clock alone changes.
import { openHub } from './lib/hub';
import { runClocks } from './lib/clock';

const look = () => document.body.dispatchEvent(new Event('hf-look'));
const state = document.querySelector<HTMLElement>('[data-live-state]');
const hub = openHub('board', '', look);
const fresh = () => { if (state) state.parentElement!.classList.replace('amber', 'jade'); };
hub.onreconnecting(() => state?.parentElement!.classList.replace('jade', 'amber'));
hub.onreconnected(fresh);
void hub.start().catch(() => undefined);
runClocks();
setInterval(look, 60_000);
