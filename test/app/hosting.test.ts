import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import sirv from 'sirv';
import { expect, inject, test } from 'vitest';
import { launchBrowser } from '../support/browser.js';
import { qmill } from '../support/commandLine.js';
import { newPage, quantities, useBrowser, watch } from './page.js';

useBrowser();

const built = fileURLToPath(new URL('../../dist/app/', import.meta.url));

test('under any path of any host, and nothing comes from elsewhere', async () => {
  const files = sirv(built);
  const server = createServer((request, response) => {
    request.url = request.url?.replace('/some/deep/path', '');
    files(request, response, () => {
      response.statusCode = 404;
      response.end();
    });
  }).listen(0);
  await once(server, 'listening');
  const base = `http://localhost:${(server.address() as AddressInfo).port}/some/deep/path/`;
  const page = await newPage();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(base);
  await quantities(page);
  await page.getByTestId('gpu').getByText('SwiftShader').waitFor();
  await page.locator('.rotor svg.marks').waitFor();
  server.closeAllConnections();
  server.close();
  expect(asked.filter((url) => !url.startsWith(base))).toEqual([]);
  expect(asked.some((url) => url.endsWith('.wgsl'))).toBe(true);
});

test('the built page has no Node module in it', () => {
  const scripts = readdirSync(`${built}assets`).filter((name) => name.endsWith('.js'));
  expect(scripts.length).toBeGreaterThan(2);
  for (const name of scripts) {
    expect(readFileSync(`${built}assets/${name}`, 'utf8')).not.toMatch(
      /(from|import\(|require\()\s*["'`](node:|fs|path|webgpu)/,
    );
  }
});

test('a browser without WebGPU solves on the CPU, and says so', async () => {
  const server = await launchBrowser(false);
  const browser = await chromium.connect(server.wsEndpoint());
  const page = watch(await browser.newPage());
  await page.goto(inject('appUrl'));
  const numbers = await quantities(page);
  const { heat } = JSON.parse(qmill(['steady', '--json']).stdout);
  expect(Math.abs(numbers.Q2 - heat.Q2)).toBeLessThanOrEqual(1e-9 * heat.Q2);
  expect(await page.getByTestId('backend').textContent()).toContain('cpu f64');
  await page.getByTestId('gpu').getByText('no WebGPU').waitFor();
  await browser.close();
  await server.close();
});
