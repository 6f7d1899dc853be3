/** A real Chromium out of the registry, with WebGPU on the software adapter or without WebGPU. */
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { type BrowserServer, chromium as playwright } from 'playwright-core';
import { unpackChromiumArchive } from './softwareAdapter.js';

const webgpu = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
  // Without it an adapter has no name.
  '--enable-webgpu-developer-features',
];

export async function launchBrowser(gpu: boolean): Promise<BrowserServer> {
  const libraries = join(await unpackChromiumArchive('al2023'), 'lib');
  // The browser has a loader and a driver of Vulkan of its own.
  const { VK_DRIVER_FILES: _, ...env } = process.env;
  return playwright.launchServer({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox', '--use-angle=swiftshader', ...(gpu ? webgpu : [])],
    // Libraries that a bare machine lacks.
    env: { ...env, LD_LIBRARY_PATH: libraries },
  });
}
