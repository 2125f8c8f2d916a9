// Asks the authenticator and brings its answer back. A box says what for: <div data-passkey="get|enrol" data-challenge="…" data-answer="…" data-back="…">
// with the form's token, a button [data-go] and a line [data-wrong] that is shown when it did not work.

type Json = Record<string, unknown>;

async function post(path: string, token: string, body: Json): Promise<Json> {
  const answer = await fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-HF-Form': token }, body: JSON.stringify(body), redirect: 'manual' });
  // An older proof than five minutes: to the page that renews it.
  if (answer.status === 401 && path.startsWith('/my/')) { location.assign(`/prove?back=${encodeURIComponent(location.pathname)}`); throw new Error('proof'); }
  if (!answer.ok) throw new Error(String(answer.status));
  return await answer.json() as Json;
}

async function run(box: HTMLElement): Promise<void> {
  const token = box.querySelector<HTMLInputElement>('input[name="__RequestVerificationToken"]')?.value ?? '';
  const challenge = await post(box.dataset['challenge'] ?? '', token, {});
  const options = challenge['options'] as never;
  const credential = box.dataset['passkey'] === 'enrol'
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  const done = await post(box.dataset['answer'] ?? '', token, {
    ceremony: challenge['ceremony'], credential: (credential as PublicKeyCredential).toJSON(), name: box.querySelector<HTMLInputElement>('input[name="name"]')?.value ?? null, back: box.dataset['back'] ?? null,
  });
  location.assign(String(done['to'] ?? '/'));
}

for (const box of document.querySelectorAll<HTMLElement>('[data-passkey]')) {
  const go = box.querySelector<HTMLButtonElement>('[data-go]');
  if (!go) continue;
  if (!('PublicKeyCredential' in window)) { go.disabled = true; continue; }
  go.addEventListener('click', () => {
    const wrong = box.querySelector<HTMLElement>('[data-wrong]');
    if (wrong) wrong.hidden = true;
    go.disabled = true;
    run(box).catch(() => { if (wrong) wrong.hidden = false; }).finally(() => { go.disabled = false; });
  });
}
