// The key of this device: made here, kept where script cannot read it out, used only to sign a tap on a number.
const NAME = 'huifang-device';

interface Device { id: string; sign(words: string): Promise<string> }

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore('keys');
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

function keep<T>(database: IDBDatabase, mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = work(database.transaction('keys', mode).objectStore('keys'));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

const base64 = (bytes: ArrayBuffer) => btoa(String.fromCharCode(...new Uint8Array(bytes)));

/** The device of this customer, known to the server; a key that was ended there is replaced by a new one. */
export async function deviceOf(customer: string, form: string): Promise<Device> {
  const database = await open();
  for (let tries = 0; ; tries++) {
    let pair = await keep<CryptoKeyPair | undefined>(database, 'readonly', store => store.get(customer));
    if (!pair || tries > 0) {
      pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
      await keep(database, 'readwrite', store => store.put(pair, customer));
    }
    const { privateKey, publicKey } = pair;
    const answer = await fetch('/me/call/device', { method: 'POST', headers: { 'X-HF-Form': form }, body: new URLSearchParams({ key: base64(await crypto.subtle.exportKey('spki', publicKey)) }), redirect: 'manual' });
    if (answer.ok) {
      const id = (await answer.json() as { id: string }).id;
      return { id, sign: async words => base64(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, new TextEncoder().encode(words))) };
    }
    if (answer.status !== 410 || tries > 0) throw new Error(String(answer.status));
  }
}
