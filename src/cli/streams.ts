/** stdout and stderr where their other end is gone, or full. */
import { getSystemErrorMap } from 'node:util';

let failure: string | null = null;

/**
 * Lets a command go on without whoever read its output: `qmill … | head` is no error. What could not be
 * written for another reason is kept, for the end.
 */
export function watchStreams(): void {
  process.stdout.on('error', ({ code, errno }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') return;
    const words = errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1];
    failure ??= `cannot write to the standard output: ${words ?? 'failed'} (${code})`;
  });
  // There is nobody left to tell.
  process.stderr.on('error', () => {});
}

/** Waits until all was written. @returns what was not, in words, or null */
export async function flushed(): Promise<string | null> {
  await new Promise((done) => process.stdout.write('', done));
  return failure;
}
