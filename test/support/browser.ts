/** A real Chromium out of the registry, with WebGPU on the software adapter or without WebGPU. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { type BrowserServer, chromium as playwright } from 'playwright-core';
import { unpackChromiumArchive } from '../../src/backend/webgpu/softwareAdapter.js';

const webgpu = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
  // Without it an adapter has no name.
  '--enable-webgpu-developer-features',
  // Tests lose the GPU more often than a browser puts up with.
  '--disable-gpu-process-crash-limit',
  '--disable-domain-blocking-for-3d-apis',
];

/** A configuration with the packaged fonts alone: the same text on every machine. */
async function fontConfiguration(): Promise<string> {
  const require = createRequire(import.meta.url);
  const fonts = join(dirname(require.resolve('dejavu-fonts-ttf/package.json')), 'ttf');
  const folder = await mkdtemp(join(tmpdir(), 'qmill-fonts-'));
  const file = join(folder, 'fonts.conf');
  const cache = join(folder, 'cache');
  await writeFile(
    file,
    `<fontconfig><dir>${fonts}</dir><cachedir>${cache}</cachedir></fontconfig>\n`,
  );
  return file;
}

export async function launchBrowser(gpu: boolean): Promise<BrowserServer> {
  const libraries = join(await unpackChromiumArchive('al2023'), 'lib');
  // The browser has a loader and a driver of Vulkan of its own.
  const { VK_DRIVER_FILES: _, ...env } = process.env;
  return playwright.launchServer({
    executablePath: await chromium.executablePath(),
    // The page itself is drawn without the GPU: in software that takes a third of all CPU time, and no test is about it.
    args: [
      '--no-sandbox',
      '--use-angle=swiftshader',
      '--disable-gpu-compositing',
      ...(gpu ? webgpu : []),
    ],
    // Libraries and fonts that a bare machine lacks; without a font a page crashes.
    env: { ...env, LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: await fontConfiguration() },
  });
}
