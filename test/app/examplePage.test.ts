/** The library on a page without a bundler: examples/page.html, served as it lies there. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import sirv from 'sirv';
import { build } from 'vite';
import { expect, inject, test } from 'vitest';
import { root } from '../support/documents.js';

test('examples/page.html solves a device, and another when its slider moves', async () => {
  await build({ configFile: join(root, 'vite.browser.config.ts'), root });
  const files = sirv(root, { dev: true });
  const server = createServer((request, response) => files(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const browser = await chromium.connect(inject('browserEndpoint'));
  try {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', ({ message }) => problems.push(message));
    await page.goto(`http://127.0.0.1:${port}/examples/page.html`);
    await page.waitForFunction(() => document.querySelector('output')?.value !== '…');
    const result = () => page.locator('output').textContent();
    expect(await result()).toBe('β₂ = 0.03: engine, ⟨L_z⟩ = 1.423599 ħ');
    await page.locator('input').fill('0.08');
    await page.waitForFunction(() => document.querySelector('output')?.value.includes('0.08'));
    expect(await result()).toContain('refrigerator');
    expect(problems).toEqual([]);
  } finally {
    await browser.close();
    server.close();
  }
});
