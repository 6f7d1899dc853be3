/** What the operating system refuses, in words. */

/** Something could not be written or read, in words for whoever has to mend it. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file is larger than is allowed here',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  ENOENT: 'there is no such folder',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'it is a folder',
  EIO: 'the disk reports an error',
  EBUSY: 'another program holds it',
  ESTALE: 'the network file system has lost it',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
};

/** The code of an error of the operating system, such as `ENOENT`; of another error its message. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return (error as NodeJS.ErrnoException).code ?? error.message.split('\n')[0];
}

/**
 * Runs something that touches files.
 * @param doing what it does, as in `cannot write`
 * @throws {StoreError} in place of an error of the operating system
 */
export async function explained<T>(doing: string, path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const code = codeOf(error);
    throw new StoreError(`${doing} ${path}: ${reasons[code] ?? 'failed'} (${code})`);
  }
}
