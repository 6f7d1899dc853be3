import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from 'node:worker_threads';
import { inject } from 'vitest';

// What an earlier run has left in dist/ may be older than the sources.
if (!inject('bundled')) {
  throw new Error('a test that runs the command line belongs to the lane cli (vitest.config.ts)');
}

// As it is published.
const commandLine = new URL('../../dist/node/', import.meta.url);
export const main = fileURLToPath(new URL('main.js', commandLine));

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs `qmill` with the given arguments, as a process of its own: where a test is about a process, its environment
 * or its end, and where a GPU computes.
 * @param folder where it runs
 */
export function qmillProcess(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  folder = process.cwd(),
): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    cwd: folder,
    env: { ...process.env, ...env },
  });
  return { status, stdout, stderr };
}

/** As long as a hook may take: no call is given up before its test is. */
const PATIENCE = 180_000;

/** What a thread says of a call: why it has no command line where it has none. */
type Answer =
  | { readonly outcome: Outcome; readonly failure?: never }
  | { readonly outcome?: never; readonly failure: string };

/** A thread with the command line in it, and how it answers. */
interface Loaded {
  readonly thread: Worker;
  readonly port: MessagePort;
  readonly answered: Int32Array;
}

let loaded: Loaded | undefined;

function load(): Loaded {
  const answered = new Int32Array(new SharedArrayBuffer(4));
  const { port1, port2 } = new MessageChannel();
  const thread = new Worker(new URL('commandLineThread.mjs', import.meta.url), {
    workerData: { commandLine: commandLine.href, answered, port: port2 },
    transferList: [port2],
    execArgv: [],
  });
  thread.unref();
  port1.unref();
  return { thread, port: port1, answered };
}

/**
 * Runs `qmill` with the given arguments, in a thread that has it loaded.
 * @param folder where it runs
 */
export function qmill(args: readonly string[], folder = process.cwd()): Outcome {
  loaded ??= load();
  const { thread, port, answered } = loaded;
  Atomics.store(answered, 0, 0);
  const before = process.cwd();
  // A thread is where its process is.
  process.chdir(folder);
  thread.postMessage(args);
  const ended = Atomics.wait(answered, 0, 0, PATIENCE);
  process.chdir(before);
  if (ended === 'timed-out') throw new Error(`qmill ${args.join(' ')} has not ended`);
  const answer: Answer | undefined = receiveMessageOnPort(port)?.message;
  if (answer?.outcome === undefined) {
    throw new Error(`the command line does not load: ${answer?.failure}`);
  }
  return answer.outcome;
}

/** A machine without any WebGPU adapter. */
export const noAdapter: NodeJS.ProcessEnv = { VK_DRIVER_FILES: '/nonexistent.json' };
