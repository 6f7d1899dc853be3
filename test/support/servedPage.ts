/** `qmill serve` in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface ServedPage {
  /** What it has printed: where the page is. */
  readonly line: string;
  /** Asks it to end. @returns its exit status, and the signal that ended it, as null where none did */
  stop(): Promise<readonly unknown[]>;
}

/**
 * @param main the command line's file
 * @param args with `serve`
 * @throws where it ends before it serves, with what it says of that
 */
export async function servedPage(main: string, args: readonly string[]): Promise<ServedPage> {
  const server = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  server.stderr.setEncoding('utf8').on('data', (part: string) => {
    said += part;
  });
  const ended = once(server, 'close');
  const line = await Promise.race([
    once(server.stdout, 'data').then(([first]) => String(first)),
    ended.then(([status, signal]) => {
      throw new Error(`qmill ${args.join(' ')} ended with ${status ?? signal}: ${said}`);
    }),
  ]);
  return {
    line,
    stop: () => {
      server.kill('SIGTERM');
      return ended;
    },
  };
}
