import { HubConnection, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';

/** The hub of one call, or of the board; looks again after every reconnect, because something may have been missed. */
export function openHub(side: 'agent' | 'customer' | 'board', call: string, look: () => void): HubConnection {
  const hub = new HubConnectionBuilder()
    .withUrl(`/hub/call?side=${side}&call=${encodeURIComponent(call)}`)
    .withAutomaticReconnect({ nextRetryDelayInMilliseconds: context => Math.min(10_000, 500 * 2 ** context.previousRetryCount) })
    .configureLogging(LogLevel.None)
    .build();
  let waiting = 0;
  const soon = () => { clearTimeout(waiting); waiting = window.setTimeout(look, 80); };
  hub.on('look', soon);
  hub.onreconnected(soon);
  return hub;
}
