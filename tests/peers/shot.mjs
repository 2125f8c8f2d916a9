// Pictures of pages: shot.mjs BASE OUT [--cookie NAME=VALUE]… [--staff ID | --customer] [--lang zh-Hans,en] [--size wide,phone] [--full] ROUTE[>SELECTOR][::name]…
// With --staff or --customer it enters by the demo's door first. ROUTE>SELECTOR opens the route and follows the first link, button or key (key:n) there.
// Each becomes OUT/name-lang-size.png with at most 256 colours, so that the pictures stay small in the repository.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import UPNG from 'upng-js';

const sizes = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 }, narrow: { width: 320, height: 640 } };
const words = process.argv.slice(2), cookies = [], routes = [];
let languages = ['zh-Hans', 'en'], wanted = ['wide', 'phone'], full = false, wait = 300, door = '';
const [base, out] = words.splice(0, 2);
while (words.length > 0) {
  const word = words.shift();
  if (word === '--cookie') cookies.push(words.shift());
  else if (word === '--lang') languages = words.shift().split(',');
  else if (word === '--size') wanted = words.shift().split(',');
  else if (word === '--staff') door = `form[action="/demo/staff"] button[value="${words.shift()}"]`;
  else if (word === '--customer') door = 'form[action="/demo/customer"] button';
  else if (word === '--wait') wait = Number(words.shift());
  else if (word === '--full') full = true;
  else routes.push(word);
}
mkdirSync(out, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'] });
let bad = 0;
for (const language of languages) for (const size of wanted) {
  const context = await browser.newContext({ viewport: sizes[size], deviceScaleFactor: 1, isMobile: size !== 'wide', reducedMotion: 'reduce', locale: language });
  await context.addCookies([...cookies.map(pair => ({ name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1), url: base })), { name: 'hf-lang', value: language, url: base }]);
  if (door) {
    const entering = await context.newPage();
    await entering.goto(`${base}/demo`);
    await entering.locator(door).first().click();
    await entering.waitForLoadState();
    await entering.close();
    await context.addCookies([{ name: 'hf-lang', value: language, url: base }]);
  }
  for (const word of routes) {
    const cut = word.lastIndexOf('::');
    const [route, then] = (cut < 0 ? word : word.slice(0, cut)).split('>');
    const name = cut < 0 ? route.replace(/^\//, '').replace(/[^a-z0-9]+/gi, '-') || 'home' : word.slice(cut + 2);
    const page = await context.newPage();
    page.on('console', message => { if (message.type() === 'error') console.error(`${route} ${language} ${size}: ${message.text()}`); });
    const answer = await page.goto(base + route, { waitUntil: 'load' });
    if (then?.startsWith('key:')) await page.keyboard.press(then.slice(4));
    else if (then) await page.locator(then).first().click({ timeout: 5000 }).catch(() => { console.error(`${route}: nothing at ${then}`); bad++; });
    if (then) await page.waitForLoadState();
    await page.waitForTimeout(wait);
    if (!answer.ok()) { console.error(`${route}: ${answer.status()}`); bad++; }
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) { console.error(`${route} ${language} ${size}: ${wide} px wider than the screen`); bad++; }
    // A phone is shown as long as its page, with the tab bar at its foot.
    if (size !== 'wide') await page.setViewportSize({ width: sizes[size].width, height: Math.max(sizes[size].height, await page.evaluate(() => document.documentElement.scrollHeight)) });
    const picture = UPNG.decode(await page.screenshot({ fullPage: full || size !== 'wide' }));
    const file = join(out, `${name}-${language}-${size}.png`);
    writeFileSync(file, Buffer.from(UPNG.encode(UPNG.toRGBA8(picture), picture.width, picture.height, 128)));
    console.log(file);
    await page.close();
  }
  await context.close();
}
await browser.close();
process.exit(bad > 0 ? 1 : 0);
