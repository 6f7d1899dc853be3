/** The built page and a real Chromium, for what is measured on it and for its pictures. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chromium } from 'playwright-core';
import { createServer } from 'vite';

/** The browser as the tests start it, out of its TypeScript. */
async function startBrowser() {
  const vite = await createServer({
    configFile: false,
    appType: 'custom',
    logLevel: 'error',
    server: { middlewareMode: true, ws: false, hmr: false, watch: null },
    optimizeDeps: { noDiscovery: true },
  });
  const { launchBrowser } = await vite.ssrLoadModule('/test/support/browser.ts');
  const server = await launchBrowser(true);
  const browser = await chromium.connect(server.wsEndpoint());
  return {
    browser,
    close: async () => {
      await browser.close();
      await server.close();
      await vite.close();
    },
  };
}

/** @returns the page's address, the browser, and what ends both */
export async function startPage() {
  const host = spawn(process.execPath, ['dist/cli/main.js', 'serve', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(host.stdout, 'data');
  const { browser, close } = await startBrowser();
  return {
    address: line.toString().trim(),
    browser,
    close: async () => {
      await close();
      host.kill('SIGTERM');
    },
  };
}
