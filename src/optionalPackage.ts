/** Packages that only some uses need, and that an installation may lack. */

/** A use needs packages that are not installed: says which, and how to get them. */
export class MissingPackageError extends Error {
  override readonly name = 'MissingPackageError';
  constructor(
    readonly use: string,
    readonly packages: readonly string[],
  ) {
    const names = packages.join(' ');
    super(`${use} needs what is not installed here: npm install ${names}`);
  }
}

/** Packages are there and do not load: of another system, or for a newer one. */
export class PackageLoadError extends Error {
  override readonly name = 'PackageLoadError';
  constructor(
    readonly use: string,
    readonly packages: readonly string[],
    reason: unknown,
  ) {
    const [why] = (reason as Error).message.split('\n');
    super(`${use} is not to be had here: ${packages.join(' ')} does not load (${why})`);
  }
}

/** Node's words where a package is not there, whether `import` or `require` looked for it. */
const ABSENT = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'];

function isAbsent(error: unknown, packages: readonly string[]): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  // On a page without an import map that names it.
  if (error instanceof TypeError && message.includes('specifier')) {
    return packages.some((name) => message.includes(name));
  }
  return ABSENT.includes(code ?? '') && packages.some((name) => message.includes(`'${name}`));
}

/** Whether native code is missing for this system, or was made for another. */
function isNative(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ERR_DLOPEN_FAILED' || (ABSENT.includes(code ?? '') && message.includes('.node'));
}

/**
 * Loads what a use needs.
 * @param use what for, as the beginning of a sentence
 * @param packages what has to be installed for it
 * @param load imports them
 * @throws {MissingPackageError} where one of them is not installed
 * @throws {PackageLoadError} where its native code does not load
 */
export async function loadOptional<T>(
  use: string,
  packages: readonly string[],
  load: () => Promise<T>,
): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (isAbsent(error, packages)) throw new MissingPackageError(use, packages);
    if (isNative(error)) throw new PackageLoadError(use, packages, error);
    throw error;
  }
}
