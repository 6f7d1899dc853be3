/** Other programs that solve the same problems, run as processes of their own. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { DeviceParameters } from '../model/parameters.js';
import { type Timing, timingOf } from './measure.js';

/** What bench/peers/peers.py can be asked of a device. */
export type DeviceTask =
  | { readonly task: 'steady'; readonly method: 'direct' | 'power' | 'gmres' }
  | { readonly task: 'evolve'; readonly times: readonly number[]; readonly tolerance: number }
  | { readonly task: 'sweep'; readonly beta2: readonly number[]; readonly workers: number }
  | { readonly task: 'apply'; readonly as: 'csr' | 'dense' }
  /** Current and noise of bath 2's quanta. */
  | { readonly task: 'noise' }
  /** Rates of the slowest modes that keep the charges, after the steady state. */
  | { readonly task: 'modes'; readonly count: number }
  /** The spectrum of L_z at frequencies other than 0. */
  | { readonly task: 'spectrum'; readonly frequencies: readonly number[] };

/** Of any machine, by a script that makes its operators, `pythonScript`: its steady state by QuTiP's direct solver. */
interface MachineTask {
  readonly task: 'machine';
  readonly script: string;
}

export type PeerRequest = { readonly runs: number } & (
  | (DeviceTask & {
      readonly parameters: DeviceParameters;
      readonly lmin: number;
      readonly lmax: number;
    })
  | MachineTask
);

export interface PeerAnswer {
  /** The peer's name and version. */
  readonly name: string;
  readonly timing: Timing;
  /** The numbers that the task asks for, in an order that the task fixes. */
  readonly values: readonly number[];
}

export interface Peers {
  /** Null where there are some, else the reason. */
  readonly missing: string | null;
  /** What further peers would be there, and how to get them. */
  readonly absent: readonly string[];
  /** What each of them says, in turn: an answer, or why there is none, with the peer's own last words. */
  ask(request: PeerRequest): (PeerAnswer | PeerError)[];
}

/** A peer that is there and gave no answer. */
export class PeerError extends Error {
  override readonly name = 'PeerError';
}

const inPeers = (name: string): string =>
  fileURLToPath(new URL(`../../bench/peers/${name}`, import.meta.url));

/** Debian's python3-qutip belongs to the first. */
const INTERPRETERS = ['/usr/bin/python3', 'python3'];
/** What `npm run bench:peers:install` makes. */
const NEWEST = inPeers(
  process.platform === 'win32' ? 'environment/Scripts/python.exe' : 'environment/bin/python',
);

interface Program {
  readonly python: string;
  readonly script: string;
  readonly tasks: readonly PeerRequest['task'][];
}

const qutip = (python: string): Program => ({
  python,
  script: inPeers('peers.py'),
  tasks: ['steady', 'evolve', 'sweep', 'apply', 'noise', 'modes', 'spectrum', 'machine'],
});

const dynamiqs = (python: string): Program => ({
  python,
  script: inPeers('dynamiqs_peer.py'),
  tasks: ['evolve'],
});

const has = (python: string, modules: string): boolean =>
  spawnSync(python, ['-c', `import ${modules}`], { stdio: 'ignore' }).status === 0;

/**
 * The peers that a Python on this machine has, and the newest where they are installed beside it; the
 * variable PYTHON names another interpreter in place of the former.
 * @param seconds the most that a peer may take for one question
 */
export function findPeers(seconds: number): Peers {
  const { PYTHON } = process.env;
  const tried = PYTHON === undefined ? INTERPRETERS : [PYTHON];
  const python = tried.find((candidate) => has(candidate, 'qutip, scipy'));
  const newest = has(NEWEST, 'qutip, dynamiqs');
  const programs = [
    ...(python === undefined ? [] : [qutip(python)]),
    ...(newest ? [qutip(NEWEST), dynamiqs(NEWEST)] : []),
  ];
  const absent = [
    ...(python === undefined
      ? [
          `no Python here (${tried.join(', ')}) has QuTiP and SciPy; install Debian's python3-qutip or set PYTHON`,
        ]
      : []),
    ...(newest ? [] : ['the newest QuTiP and dynamiqs: npm run bench:peers:install']),
  ].map((what) => `peers skipped: ${what}`);
  if (programs.length === 0) return noPeers(absent.join('; '));
  return {
    missing: null,
    absent,
    ask: (request) =>
      programs
        .filter(({ tasks }) => tasks.includes(request.task))
        .map((program) => ask(program, request, seconds)),
  };
}

/** @param missing why there are none */
export const noPeers = (missing: string): Peers => ({ missing, absent: [], ask: () => [] });

function ask(
  { python, script }: Program,
  request: PeerRequest,
  seconds: number,
): PeerAnswer | PeerError {
  const { status, stdout, stderr, error } = spawnSync(python, [script], {
    input: JSON.stringify(request),
    encoding: 'utf8',
    timeout: 1e3 * seconds,
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) {
    return new PeerError(error?.message ?? stderr.trim().split('\n').at(-1) ?? 'no answer');
  }
  // Libraries may print above the answer.
  const answer = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {
    name: string;
    seconds: number[];
    values: number[];
  };
  return { name: answer.name, timing: timingOf(answer.seconds), values: answer.values };
}
