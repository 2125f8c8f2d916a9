// The browser's half of the examples that the server's redaction is held to as well: node web/typed.test.mjs [vectors.json]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import esbuild from 'esbuild';

const here = import.meta.dirname;
const built = await esbuild.build({ entryPoints: [join(here, 'islands/lib/secrets.ts')], bundle: true, format: 'esm', write: false });
const { findSecrets } = await import(`data:text/javascript;base64,${Buffer.from(built.outputFiles[0].text).toString('base64')}`);
const vectors = JSON.parse(readFileSync(process.argv[2] ?? join(here, '../../../tests/shared/typed-vectors.json'), 'utf8'));
let wrong = 0;
for (const { typed, kept } of vectors) {
  let text = typed;
  for (const secret of findSecrets(typed).reverse()) text = `${text.slice(0, secret.start)}[${secret.kind}]${text.slice(secret.end)}`;
  if (text !== kept) { wrong++; console.error(`typed    ${typed}\nwanted   ${kept}\nshown as ${text}\n`); }
}
console.log(`${vectors.length - wrong} of ${vectors.length} examples as wanted`);
process.exit(wrong === 0 ? 0 : 1);
