/** Builds the browser app, serves it as `qmill serve` does, and starts the browser: once for all its tests. */
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';
import { launchBrowser } from './browser.js';
import { servedPage } from './servedPage.js';

declare module 'vitest' {
  export interface ProvidedContext {
    appUrl: string;
    browserEndpoint: string;
  }
}

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const config = fileURLToPath(new URL('../../vite.config.ts', import.meta.url));

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await build({ configFile: config, logLevel: 'warn' });
  const { line, stop } = await servedPage(main, ['serve', '--port', '0']);
  project.provide('appUrl', line.trim());
  const browser = await launchBrowser(true);
  project.provide('browserEndpoint', browser.wsEndpoint());
  return async () => {
    await browser.close();
    await stop();
  };
}
