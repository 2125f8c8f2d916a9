// Card numbers, passwords and codes are refused as they are typed: where one stood, an amber tag says what was not kept. Works in every field marked data-typed.
// A number that is still being typed is left until the person pauses or goes on with something else.
import { findSecrets, type Kind } from './lib/secrets';

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

function inField(field: HTMLTextAreaElement | HTMLInputElement, settled: boolean): Kind[] {
  const caret = field.selectionEnd ?? field.value.length;
  const found = findSecrets(field.value).filter(secret => settled || secret.end < caret || secret.start > caret);
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
  const found = findSecrets(text).filter(secret => settled || secret.end < caret || secret.start > caret);
  for (const secret of [...found].reverse()) {
    const first = nodes.filter(one => one.at <= secret.start).at(-1);
    const last = nodes.filter(one => one.at < secret.end).at(-1);
    if (!first || !last) continue;
    const range = document.createRange();
    range.setStart(first.node, secret.start - first.at);
    range.setEnd(last.node, Math.min(secret.end - last.at, last.node.length));
    range.deleteContents();
    const tag = tagFor(secret.kind);
    range.insertNode(tag);
    tag.after(document.createTextNode(' '));
    const selection = getSelection();
    if (pad.contains(selection?.anchorNode ?? null)) selection!.collapse(tag.nextSibling, 1);
  }
  return found.map(secret => secret.kind);
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
