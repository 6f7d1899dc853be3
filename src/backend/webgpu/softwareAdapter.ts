/**
 * A Vulkan driver that runs on the CPU, out of the package registry: what tests compute on, and what a
 * study can be asked to include. Its package is one for development and may be absent.
 */
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';

const cacheFolder = fileURLToPath(
  new URL('../../../node_modules/.cache/quantum-mill/', import.meta.url),
);

/**
 * Unpacks one of the `bin/*.tar.br` archives of the package `@sparticuz/chromium` and returns the
 * folder that holds its files. The folder is named after the package's version, is made once, and
 * is never seen half-full, however many processes ask for it at the same time.
 */
export async function unpackChromiumArchive(name: 'swiftshader' | 'al2023'): Promise<string> {
  const { extract } = await import('tar');
  const packageFolder = join(
    createRequire(import.meta.url).resolve('@sparticuz/chromium'),
    '../../..',
  );
  const { version } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const folder = join(cacheFolder, `${name}-${version}`);
  if (existsSync(folder)) return folder;

  await mkdir(cacheFolder, { recursive: true });
  const unfinished = await mkdtemp(`${folder}.`);
  try {
    await pipeline(
      createReadStream(join(packageFolder, 'bin', `${name}.tar.br`)),
      createBrotliDecompress(),
      extract({ cwd: unfinished, preserveOwner: false }),
    );
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true });
    // A rename onto a filled folder fails: another process was first, and its files are the same.
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/**
 * The environment in which Dawn finds SwiftShader, a Vulkan driver that runs on the CPU, and the
 * Vulkan loader that comes with it. A process must be started with it: the dynamic linker reads
 * `LD_LIBRARY_PATH` once, before the first line of JavaScript.
 *
 * @throws Error where no SwiftShader is packaged, that is anywhere but on Linux x64.
 */
export async function softwareAdapterEnvironment(): Promise<{
  VK_DRIVER_FILES: string;
  LD_LIBRARY_PATH: string;
}> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `the software adapter exists for linux-x64 only, not for ${process.platform}-${process.arch}: set QMILL_TEST_ADAPTER=system`,
    );
  }
  const folder = await unpackChromiumArchive('swiftshader');
  const inherited = process.env.LD_LIBRARY_PATH;
  return {
    VK_DRIVER_FILES: join(folder, 'vk_swiftshader_icd.json'),
    LD_LIBRARY_PATH: inherited ? `${folder}${delimiter}${inherited}` : folder,
  };
}
