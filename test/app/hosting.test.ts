import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';
import { expect, test } from 'vitest';
import { newPage, quantities, useBrowser } from './page.js';

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
