/** What is said of adapters, on engines that tell less of them than Dawn does. */
import { afterEach, expect, test, vi } from 'vitest';
import { listAdapters } from '../../../src/backend/webgpu/adapters.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

const NOTHING = { vendor: '', architecture: '', device: '', description: '' };
const limits = {
  maxBufferSize: 2 ** 28,
  maxStorageBufferBindingSize: 2 ** 27,
  maxComputeWorkgroupStorageSize: 2 ** 14,
};

/** A browser whose WebGPU offers these for speed and for low power. */
function browser(userAgent: string, fast: object, slow: object = fast): void {
  const requestAdapter = async ({ powerPreference }: GPURequestAdapterOptions) =>
    powerPreference === 'low-power' ? slow : fast;
  vi.stubGlobal('navigator', { userAgent, gpu: { requestAdapter } });
}

const adapter = (info: Partial<typeof NOTHING>, features: readonly string[] = []) => ({
  info: { ...NOTHING, ...info },
  limits,
  features: new Set(features),
});

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:159.0) Gecko/20100101 Firefox/159.0';

test('an adapter of which nothing is told is named by its browser', async () => {
  browser(FIREFOX, adapter({}));
  const found = await listAdapters();
  expect(found.map(({ name }) => name)).toEqual(['unnamed adapter in Firefox/159.0']);
});

test('what is told names it', async () => {
  browser(FIREFOX, adapter({ vendor: 'apple', architecture: 'metal-3' }));
  expect((await listAdapters())[0].name).toBe('apple metal-3');
});

test('two without names are two where anything else differs', async () => {
  browser(FIREFOX, adapter({}, ['timestamp-query']), adapter({}));
  expect(await listAdapters()).toHaveLength(2);
});

test('a browser without WebGPU has none', async () => {
  vi.stubGlobal('navigator', { userAgent: FIREFOX, gpu: { requestAdapter: async () => null } });
  expect(await listAdapters()).toEqual([]);
});
