// The only way by which text becomes part of a page: everything that could run is taken out first. The browser calls this policy wherever a script, htmx
// or a library hands it HTML (require-trusted-types-for 'script'); without it such a call fails. Scripts are never made from text.

type Policy = { createHTML(html: string): string };
type Rules = { createHTML?: (html: string) => string; createScript?: () => string; createScriptURL?: () => string };
const types = (window as unknown as { trustedTypes?: { createPolicy(name: string, rules: Rules): Policy } }).trustedTypes;

const gone = 'script, object, embed, base, meta[http-equiv], link, template script, iframe[srcdoc], svg use[href^="data:"], math annotation-xml, animate, set';

function isRisky(name: string, value: string): boolean {
  if (name.startsWith('on') || name.startsWith('hx-on') || name.startsWith('data-hx-on') || name === 'srcdoc') return true;
  return ['href', 'src', 'action', 'formaction', 'xlink:href', 'hx-get', 'hx-post'].includes(name) && /^[\s\u0000-\u0020]*(javascript|vbscript|data(?!:image\/))\s*:/i.test(value);
}

if (types) {
  // Parses into a document without a window: nothing there loads or runs.
  const inert = types.createPolicy('hf-inert', { createHTML: html => html });
  types.createPolicy('default', {
    createHTML: html => {
      const parsed = new DOMParser().parseFromString(inert.createHTML(`<body><template>${html}</template></body>`), 'text/html');
      const top = parsed.querySelector('template');
      if (!top) return '';
      for (const one of top.content.querySelectorAll(gone)) one.remove();
      for (const one of top.content.querySelectorAll('*'))
        for (const attribute of [...one.attributes]) if (isRisky(attribute.name.toLowerCase(), attribute.value)) one.removeAttribute(attribute.name);
      return top.innerHTML;
    },
    createScript: () => { throw new TypeError('A page of ours never makes a script from text.'); },
    createScriptURL: () => { throw new TypeError('A page of ours never loads a script that it was not sent with.'); },
  });
}
