// Bundles styles, islands and fonts into wwwroot/dist and writes what the pages need to know about them.
// `node build.mjs` builds the browser's files; `node build.mjs icons OUT` collects the icons that the pages name.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import esbuild from 'esbuild';

const here = import.meta.dirname;
const project = join(here, '..');
const dist = join(project, 'wwwroot', 'dist');

if (process.argv[2] === 'icons') collectIcons(process.argv[3]);
else await bundle(process.argv[2]);

async function bundle(listFile) {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  const shared = { bundle: true, minify: true, logLevel: 'warning', legalComments: 'none' };
  await esbuild.build({
    ...shared,
    entryPoints: [join(here, 'css/staff.css'), join(here, 'css/customer.css')],
    outdir: dist, assetNames: 'fonts/[name]', loader: { '.woff2': 'file' },
  });
  const islands = join(here, 'islands');
  const entries = existsSync(islands) ? readdirSync(islands).filter(name => name.endsWith('.ts') && !name.endsWith('.d.ts')).map(name => join(islands, name)) : [];
  if (entries.length > 0)
    await esbuild.build({ ...shared, entryPoints: entries, outdir: join(dist, 'islands'), format: 'esm', target: 'es2022', splitting: true, chunkNames: 'chunk-[hash]' });
  copyFileSync(join(here, 'node_modules/htmx.org/dist/htmx.min.js'), join(dist, 'htmx.js'));
  if (listFile) writeFileSync(listFile, JSON.stringify(Object.fromEntries(files(dist).map(file => [relative(dist, file).replaceAll('\\', '/'), digest(file)]))));
}

function collectIcons(out) {
  const nodes = JSON.parse(readFileSync(join(here, 'node_modules/@tabler/icons/tabler-nodes-outline.json'), 'utf8'));
  const used = new Set();
  let wrong = 0;
  for (const file of files(project).filter(name => /\.(razor|cs)$/.test(name))) {
    const text = readFileSync(file, 'utf8');
    // Any literal that is the name of an icon counts, so that a switch in code may choose one.
    for (const [, name] of text.matchAll(/"([a-z][a-z0-9-]*)"/g)) if (nodes[name]) used.add(name);
    for (const match of text.matchAll(/(?:<C?Icon\s[^>]*?Name|\sIcon)="([a-z][a-z0-9-]*)"/g)) {
      if (nodes[match[1]]) continue;
      const line = text.slice(0, match.index).split('\n').length;
      console.error(`${file}(${line},1): error HF0001: "${match[1]}" is no outline icon of @tabler/icons; pick a name from tabler.io/icons`);
      wrong++;
    }
  }
  const shapes = Object.fromEntries([...used].sort().map(name => [name, nodes[name].map(([tag, attributes]) => `<${tag} ${Object.entries(attributes).map(([key, value]) => `${key}="${value}"`).join(' ')}/>`).join('')]));
  writeFileSync(out, JSON.stringify(shapes));
  if (wrong > 0) process.exit(1);
}

function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry =>
    !entry.isDirectory() ? [join(folder, entry.name)]
    : ['obj', 'bin', 'node_modules', 'web'].includes(entry.name) || (entry.name === 'wwwroot' && folder === project) ? []
    : files(join(folder, entry.name)));
}

function digest(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 10);
}
