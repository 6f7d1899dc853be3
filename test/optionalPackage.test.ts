import { expect, test } from 'vitest';
import { loadOptional, MissingPackageError, PackageLoadError } from '../src/optionalPackage.js';

const absent = (name: string, code: string) =>
  Object.assign(new Error(`Cannot find package '${name}' imported from here`), { code });

const loading = (error: Error) =>
  loadOptional('drawing', ['canvas-a', 'canvas-b'], () => Promise.reject(error));

test('what is there is handed on', async () => {
  expect(await loadOptional('drawing', ['canvas-a'], async () => 7)).toBe(7);
});

test.each(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'])(
  'a package that is not installed is named, with how to get it (%s)',
  async (code) => {
    const failed = loading(absent('canvas-b', code));
    await expect(failed).rejects.toThrow(MissingPackageError);
    await expect(failed).rejects.toThrow(
      'drawing needs what is not installed here: npm install canvas-a canvas-b',
    );
  },
);

test.each([
  ['ERR_DLOPEN_FAILED', "/lib/libc.so.6: version `GLIBC_2.38' not found\n(required by x.node)"],
  ['MODULE_NOT_FOUND', "Cannot find module './dist/linux-riscv64.node'"],
])('native code that does not load is one line (%s)', async (code, message) => {
  const failed = loading(Object.assign(new Error(message), { code }));
  await expect(failed).rejects.toThrow(PackageLoadError);
  await expect(failed).rejects.toThrow(
    /^drawing is not to be had here: canvas-a canvas-b does not load \(.+\)$/,
  );
});

test('other faults stay what they are', async () => {
  const another = absent('something-else', 'ERR_MODULE_NOT_FOUND');
  await expect(loading(another)).rejects.toBe(another);
  const broken = new Error('canvas-a is broken');
  await expect(loading(broken)).rejects.toBe(broken);
});
