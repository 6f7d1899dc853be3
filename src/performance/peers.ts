/** Other programs that solve the same problems, run as processes of their own. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { DeviceParameters } from '../model/parameters.js';
import { type Timing, timingOf } from './measure.js';

/** What bench/peers/peers.py can be asked. */
export type PeerTask =
  | { readonly task: 'steady'; readonly method: 'direct' | 'power' | 'gmres' }
  | { readonly task: 'evolve'; readonly times: readonly number[]; readonly tolerance: number }
  | { readonly task: 'sweep'; readonly beta2: readonly number[]; readonly workers: number }
  | { readonly task: 'apply'; readonly as: 'csr' | 'dense' };

export type PeerRequest = PeerTask & {
  readonly parameters: DeviceParameters;
  readonly lmin: number;
  readonly lmax: number;
  readonly runs: number;
};

export interface PeerAnswer {
  /** The peer's name and version. */
  readonly name: string;
  readonly timing: Timing;
  /** The numbers that the task asks for, in an order that the task fixes. */
  readonly values: readonly number[];
}

export interface Peers {
  /** Null where there are none, with the reason. */
  readonly missing: string | null;
  /** @throws {PeerError} with the peer's own last words */
  ask(request: PeerRequest): PeerAnswer;
}

/** A peer that is there and gave no answer. */
export class PeerError extends Error {
  override readonly name = 'PeerError';
}

const script = fileURLToPath(new URL('../../bench/peers/peers.py', import.meta.url));
/** Debian's python3-qutip belongs to the first. */
const INTERPRETERS = ['/usr/bin/python3', 'python3'];

/** The peers that a Python on this machine has; the variable PYTHON names another interpreter. */
export function findPeers(seconds: number): Peers {
  const tried = process.env.PYTHON === undefined ? INTERPRETERS : [process.env.PYTHON];
  for (const python of tried) {
    const { status } = spawnSync(python, ['-c', 'import qutip, scipy'], { stdio: 'ignore' });
    if (status === 0) return { missing: null, ask: (request) => ask(python, request, seconds) };
  }
  return noPeers(
    `peers skipped: no Python here (${tried.join(', ')}) has QuTiP and SciPy; ` +
      "install Debian's python3-qutip or set PYTHON",
  );
}

/** @param missing why there are none */
export const noPeers = (missing: string): Peers => ({
  missing,
  ask: () => {
    throw new PeerError(missing);
  },
});

function ask(python: string, request: PeerRequest, seconds: number): PeerAnswer {
  const { status, stdout, stderr, error } = spawnSync(python, [script], {
    input: JSON.stringify(request),
    encoding: 'utf8',
    timeout: 1e3 * seconds,
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) {
    throw new PeerError(error?.message ?? stderr.trim().split('\n').at(-1) ?? 'no answer');
  }
  // Libraries may print above the answer.
  const answer = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {
    name: string;
    seconds: number[];
    values: number[];
  };
  return { name: answer.name, timing: timingOf(answer.seconds), values: answer.values };
}
