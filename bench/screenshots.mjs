/**
 * The pictures of the page in the README and in the documents:
 *
 *   npm run build && node bench/screenshots.mjs
 */
import { writeFile } from 'node:fs/promises';
import { startPage } from './browser.mjs';

const FOLDER = 'src/app/screenshots';
const QUALITY = 0.85;
const WIDE = { viewport: { width: 1280, height: 900 }, colorScheme: 'light' };
const PHONE = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' };

const pictures = {
  device: { hash: 'device', ready: '.curves svg.marks', ...WIDE },
  map: { hash: 'map', ready: 'text=160000 of 160000 points', ...WIDE },
  phone: { hash: 'device', ready: '.curves svg.marks', ...PHONE },
};

const { address, browser, close } = await startPage();

/** A PNG as WebP, which browsers write. */
async function webp(png) {
  const page = await browser.newPage();
  const url = await page.evaluate(
    async ([source, quality]) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [image.width, image.height];
      canvas.getContext('2d').drawImage(image, 0, 0);
      return canvas.toDataURL('image/webp', quality);
    },
    [`data:image/png;base64,${png.toString('base64')}`, QUALITY],
  );
  await page.close();
  return Buffer.from(url.split(',')[1], 'base64');
}

for (const [name, { hash, ready, viewport, colorScheme }] of Object.entries(pictures)) {
  const context = await browser.newContext({ viewport, colorScheme, serviceWorkers: 'block' });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto(`${address}#${hash}`);
  await page.locator(ready).first().waitFor();
  // A device by itself, not one that waited for the page to load.
  for (const chi of hash === 'device' ? [0.1, 0.2, 0.1, 0] : []) {
    await page.locator('#parameter-chi').fill(String(chi));
    await page.locator('#parameter-chi').press('Enter');
    await page.waitForTimeout(1500);
  }
  await page.evaluate(() => {
    document.activeElement?.blur();
    scrollTo(0, 0);
  });
  await page.waitForTimeout(1500);
  await writeFile(`${FOLDER}/${name}.webp`, await webp(await page.screenshot()));
  await context.close();
}
await close();
