import { expect, test } from 'vitest';
import { download, openApp, useBrowser } from './page.js';

useBrowser();

test('the benchmarks run on the CPU and on WebGPU, right before fast, with a JSON result', async () => {
  const page = await openApp('performance');
  await page.getByRole('button', { name: 'Measure' }).click();
  await page.getByRole('button', { name: 'JSON' }).waitFor({ timeout: 150_000 });
  const result = JSON.parse((await download(page, 'JSON')).toString());
  expect(result.left).toEqual([]);
  expect(result.threads).toBeGreaterThan(0);
  const backends = result.rows.map(({ backend }: { backend: string }) => backend);
  expect(backends).toEqual(['cpu, one thread', 'cpu', 'cpu', 'webgpu', 'webgpu', 'webgpu']);
  for (const { rate, precision, error } of result.rows) {
    expect(rate).toBeGreaterThan(0);
    if (error === null) continue;
    expect(error).toBeLessThan(precision === 'f32' ? 1e-5 : 1e-9);
  }
});
