// Google's telephone metadata (Apache-2.0), as packed by libphonenumber-js, one region a line: what is needed to check, format and name a number.
// npm install && npm run make
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const metadata = JSON.parse(readFileSync(require.resolve('libphonenumber-js/metadata.max.json'), 'utf8'))
const version = require('libphonenumber-js/package.json').version
if (metadata.version !== 4) throw new Error(`metadata version ${metadata.version}: the positions below are those of version 4`)

const text = (value) => value || undefined
const types = (list) => (list || []).map((type) => (type ? [type[0], type[1] || []] : 0))
const formats = (list) => (list || []).map(([pattern, format, leading, , , abroad]) => [pattern, abroad && abroad !== 'NA' ? abroad : format, (leading || []).at(-1) || ''])

const line = (region, main, m) => JSON.stringify({
  region, code: m[0], main: main || undefined, abroad: text(m[1]), number: m[2], lengths: m[3], formats: formats(m[4]),
  prefix: text(m[5]), prefixPattern: text(m[7]), prefixBecomes: text(m[8]), leading: text(m[10]), types: types(m[11]),
})

const lines = [JSON.stringify({ source: `Google libphonenumber metadata through libphonenumber-js ${version}`, licence: 'Apache-2.0' })]
for (const region of Object.keys(metadata.countries).sort()) {
  const m = metadata.countries[region]
  lines.push(line(region, metadata.country_calling_codes[m[0]][0] === region, m))
}
for (const code of Object.keys(metadata.nonGeographic).sort()) lines.push(line('001', true, metadata.nonGeographic[code]))
writeFileSync(process.argv[2], lines.join('\n') + '\n')
