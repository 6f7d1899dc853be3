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

/** Node's words where a package is not there, whether `import` or `require` looked for it. */
const ABSENT = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'];

function isAbsent(error: unknown, packages: readonly string[]): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return ABSENT.includes(code ?? '') && packages.some((name) => message.includes(`'${name}`));
}

/**
 * Loads what a use needs.
 * @param use what for, as the beginning of a sentence
 * @param packages what has to be installed for it
 * @param load imports them
 * @throws {MissingPackageError} where one of them is not installed
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
    throw error;
  }
}
