import { HubConnection, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';

/** The hub of one call, or of the board; looks again after every reconnect, because something may have been missed. */
export function openHub(side: 'agent' | 'customer' | 'board', call: string, look: () => void): HubConnection {
  const hub = new HubConnectionBuilder()
    .withUrl(`/hub/call?side=${side}&call=${encodeURIComponent(call)}`)
    .withAutomaticReconnect({ nextRetryDelayInMilliseconds: context => Math.min(10_000, 500 * 2 ** context.previousRetryCount) })
    .configureLogging(LogLevel.None)
    .build();
  // Once soon, and once more when things are quiet: a panel that was just being fetched may have been drawn from before the change.
  let waiting = 0, again = 0;
  const soon = () => {
    clearTimeout(waiting);
    clearTimeout(again);
    waiting = window.setTimeout(look, 80);
    again = window.setTimeout(look, 800);
  };
  hub.on('look', soon);
  hub.onreconnected(soon);
  return hub;
}
