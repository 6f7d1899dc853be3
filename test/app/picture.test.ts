/** The picture of the machine: its populations, and the rotor that turns. */
import { expect, test } from 'vitest';
import { download, openApp, quantities, settled, useBrowser } from './page.js';

useBrowser();

const rates = () => document.getAnimations().map(({ playbackRate }) => playbackRate);

test('the rotor turns as fast as the numbers say, and the other way where they do', async () => {
  const page = await openApp('device?I=2');
  const { 'rotor.Lz': Lz } = await quantities(page);
  // A rate is that of the animation when this is ready for it.
  await page.waitForFunction(() => document.getAnimations().some(({ pending }) => !pending));
  const [rate] = await page.evaluate(rates);
  // Against the clock is positive; the picture's y points down.
  expect(Math.abs(rate / (-Lz / 2) - 1)).toBeLessThan(1e-9);
  await page.locator('#parameter-beta2').fill('0.09');
  await page.locator('#parameter-beta2').press('Enter');
  await settled(page);
  await page.waitForFunction(() => document.getAnimations()[0].playbackRate > 0);
  expect((await quantities(page))['rotor.Lz']).toBeLessThan(0);
  const svg = (await download(page, 'flows as SVG')).toString();
  expect(svg.match(/<circle/g)?.length).toBeGreaterThanOrEqual(4);
});

test('for whoever wants less motion nothing moves', async () => {
  const page = await openApp('', { reducedMotion: 'reduce' });
  await quantities(page);
  await page.locator('.turning').getByText('⟨L_z⟩/I').waitFor();
  expect(await page.evaluate(rates)).toEqual([]);
});

test('each term of the Hamiltonian says what it is', async () => {
  const page = await openApp();
  await page.getByTitle('About: the mill').click();
  await page.getByText('pushed by one quantum').waitFor({ state: 'visible' });
});
