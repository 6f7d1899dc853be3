/**
 * The paper's device in time at N = 61, here and in QuTiP's mesolve, in one run, both against the
 * independent values of test/reference/dynamics.json:
 *
 *   npm run bench:peers:evolve            to t = 1,000, some minutes of QuTiP
 *   npm run bench:peers:evolve -- --long  to t = 20,000, more than an hour of QuTiP
 *
 * QuTiP is looked for in the Python named by the variable PYTHON (python3 by default; Debian's package
 * python3-qutip is for /usr/bin/python3).
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { initialState } from '../../dist/model/initial.js';
import { deviceParameters, truncation } from '../../dist/model/parameters.js';
import { onCpu } from '../../dist/simulate/evolutionStage.js';
import { Evolution } from '../../dist/simulate/evolve.js';

const reference = new URL('../../test/reference/dynamics.json', import.meta.url);
const [{ parameters: given, lmin, lmax, snapshots }] = JSON.parse(readFileSync(reference, 'utf8'));
const parameters = deviceParameters(given);
const exact = new Map(snapshots.map(({ t, Lz }) => [t, Lz]));
const error = (t, Lz) => Math.abs(Lz / exact.get(t) - 1);

async function ours(until) {
  const request = {
    parameters,
    truncation: truncation({ lmin, lmax }),
    initial: initialState(parameters),
    times: [until],
    tolerances: { rtol: 1e-12, atol: 1e-15 },
    angles: 0,
    states: false,
  };
  return (await Evolution.start(request, onCpu)).run(async () => {});
}

/** Seconds from the parameters to every observable at one time: the best of ten, warm. */
async function measure(until) {
  let best = Number.POSITIVE_INFINITY;
  let result;
  for (let round = 0; round < 10; round++) {
    const begin = performance.now();
    result = await ours(until);
    best = Math.min(best, (performance.now() - begin) / 1e3);
  }
  const [{ rotor, traceError }] = result.snapshots;
  return { t: until, seconds: best, error: error(until, rotor.Lz), traceError };
}

const all = [...exact.keys()];
const rows = [];
for (const t of all) rows.push(await measure(t));

const times = process.argv.includes('--long') ? all : all.filter((t) => t <= 1000);
const python = process.env.PYTHON ?? 'python3';
const tolerances = { rtol: 1e-10, atol: 1e-12 };
const peer = spawnSync(python, [fileURLToPath(new URL('evolve_qutip.py', import.meta.url))], {
  input: JSON.stringify({ parameters: given, lmin, lmax, times, ...tolerances }),
  encoding: 'utf8',
});
const seconds = (s) => (s < 1 ? `${(1e3 * s).toFixed(1)} ms` : `${s.toFixed(1)} s`);
let qutip = null;
if (peer.status !== 0) {
  const why = peer.error?.message ?? peer.stderr.trim().split('\n').at(-1);
  console.log(`QuTiP: skipped, ${python} cannot run it (${why}); set PYTHON to one that can`);
} else {
  const { version, reached } = JSON.parse(peer.stdout);
  qutip = {
    version,
    ...tolerances,
    reached: reached.map(({ t, seconds, Lz }) => ({ t, seconds, error: error(t, Lz) })),
  };
}
console.log('relative error of ⟨L_z⟩ against the independent values; time from the start');
for (const { t, seconds: own, error: ownError, traceError } of rows) {
  const other = qutip?.reached.find((r) => r.t === t);
  const beside =
    other === undefined
      ? ''
      : `; QuTiP ${seconds(other.seconds)}, error ${other.error.toExponential(1)}: ${(other.seconds / own).toFixed(0)} times longer`;
  console.log(
    `t = ${t}: ${seconds(own)}, error ${ownError.toExponential(1)}, trace ${traceError.toExponential(1)}${beside}`,
  );
}
writeFileSync(
  new URL('../results/evolve-against-qutip.json', import.meta.url),
  `${JSON.stringify({ cpu: cpus()[0].model, node: process.version, N: lmax - lmin + 1, ours: rows, qutip }, null, 1)}\n`,
);
