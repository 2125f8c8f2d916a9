// Card numbers, passwords and codes are refused as they are typed: where one stood, an amber tag says what was not kept. Works in every field marked data-typed.
// A number that is still being typed is left until the person pauses or goes on with something else.
import { findSecrets, type Kind, type Secret } from './lib/secrets';

const pause = 700;
const blank = '\ufffc';

document.addEventListener('input', event => watch(event.target));
document.addEventListener('focusout', event => check(event.target, true));

const timers = new WeakMap<Element, number>();

function watch(target: EventTarget | null): void {
  const field = typed(target);
  if (!field) return;
  check(field, false);
  clearTimeout(timers.get(field));
  timers.set(field, window.setTimeout(() => check(field, true), pause));
}

function typed(target: EventTarget | null): HTMLElement | null {
  return target instanceof HTMLElement ? target.closest<HTMLElement>('[data-typed]') : null;
}

function check(target: EventTarget | null, settled: boolean): void {
  const field = typed(target);
  if (!field) return;
  const kinds = field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement ? inField(field, settled) : inPad(field, settled);
  if (kinds.length > 0) field.dispatchEvent(new CustomEvent('hf-secret', { bubbles: true, detail: kinds }));
}

/** Finished: the person has gone on with something that is not part of a number, or paused. */
function finished(text: string, caret: number, settled: boolean): (secret: Secret) => boolean {
  return secret => settled || secret.start > caret || (secret.end < caret && !/^[ \-.\u00a0\u3000]*$/.test(text.slice(secret.end, caret)));
}

function inField(field: HTMLTextAreaElement | HTMLInputElement, settled: boolean): Kind[] {
  const caret = field.selectionEnd ?? field.value.length;
  const found = findSecrets(field.value).filter(finished(field.value, caret, settled));
  for (const secret of found.reverse()) field.setRangeText(`[${secret.kind}]`, secret.start, secret.end, 'preserve');
  return found.map(secret => secret.kind);
}

function inPad(pad: HTMLElement, settled: boolean): Kind[] {
  const nodes: { node: Text; at: number }[] = [];
  let text = '';
  const walk = (parent: Node) => {
    for (const child of parent.childNodes) {
      if (child instanceof Text) { nodes.push({ node: child, at: text.length }); text += child.data; }
      else if (child instanceof HTMLElement && child.classList.contains('gone')) text += blank;
      else if (child instanceof HTMLBRElement) text += '\n';
      else walk(child);
    }
  };
  walk(pad);
  const caret = caretIn(nodes) ?? text.length;
  const found = [...findSecrets(text), ...tails(text)].filter(finished(text, caret, settled)).sort((a, b) => a.start - b.start);
  for (const secret of [...found].reverse()) {
    const first = nodes.filter(one => one.at <= secret.start).at(-1);
    const last = nodes.filter(one => one.at < secret.end).at(-1);
    if (!first || !last) continue;
    const range = document.createRange();
    range.setStart(first.node, secret.start - first.at);
    range.setEnd(last.node, Math.min(secret.end - last.at, last.node.length));
    range.deleteContents();
    if (secret.tail) continue;
    const tag = tagFor(secret.kind);
    range.insertNode(tag);
    tag.after(document.createTextNode(' '));
    // A caret behind stays where it is; one inside the number goes behind the tag.
    if (caret >= secret.start && caret <= secret.end && pad.contains(getSelection()?.anchorNode ?? null)) getSelection()!.collapse(tag.nextSibling, 1);
  }
  return found.map(secret => secret.kind);
}

/** The rest of a number whose beginning is a tag already, because the person paused in the middle of it. A telephone number is longer and stays. */
function tails(text: string): Secret[] {
  return [...text.matchAll(/\ufffc[ \-.]{0,2}((?:\d[ \-.]?){3,9})(?![\d\-])/g)].map(match => {
    const start = match.index + match[0].length - match[1]!.length;
    return { kind: 'CARD', start, end: start + match[1]!.trimEnd().length, tail: true };
  });
}

function caretIn(nodes: { node: Text; at: number }[]): number | null {
  const selection = getSelection();
  const hit = nodes.find(one => one.node === selection?.anchorNode);
  return hit ? hit.at + selection!.anchorOffset : null;
}

/** The tag in the page's own words, from the template that the page brought. */
export function tagFor(kind: string): HTMLElement {
  const template = document.querySelector<HTMLTemplateElement>('template[data-tags]');
  const words = template?.content.querySelector<HTMLElement>(`[data-kind="${kind}"]`);
  const tag = document.createElement('span');
  tag.className = 'gone';
  tag.dataset['kind'] = kind;
  tag.contentEditable = 'false';
  tag.append(...(words ? [...words.cloneNode(true).childNodes] : [`[${kind}]`]));
  return tag;
}
