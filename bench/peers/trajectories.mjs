/**
 * Quantum trajectories of the paper's device at N = 61 until t = 10, here and in QuTiP's mcsolve, each on
 * one core, in one run; both held against the master equation:
 *
 *   npm run build && node bench/peers/trajectories.mjs
 *
 * QuTiP is looked for in the Python named by the variable PYTHON (python3 by default).
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { initialState } from '../../dist/model/initial.js';
import { deviceParameters, truncation } from '../../dist/model/parameters.js';
import { onCpu } from '../../dist/simulate/evolutionStage.js';
import { Evolution } from '../../dist/simulate/evolve.js';
import { Trajectories } from '../../dist/simulate/trajectories.js';

const [lmin, lmax, t, count, peerCount] = [-20, 40, 10, 20_000, 40];
// A strong interaction and load, so that the rotor moves within this time.
const parameters = deviceParameters({ lambda: 1, gamma: 0.01 });
const initial = initialState(parameters, { qubit1: 'down', qubit2: 'down' });

const evolution = await Evolution.start(
  {
    parameters,
    truncation: truncation({ lmin, lmax }),
    initial,
    times: [t],
    tolerances: { rtol: 1e-10, atol: 1e-13 },
    angles: 0,
    states: false,
  },
  onCpu,
);
const wanted = (await evolution.run(async () => {})).snapshots[0].rotor.Lz2;

const trajectories = new Trajectories({ parameters, lmin, lmax, initial, times: [t], seed: 1 });
trajectories.moments(count, count + 500);
const begin = performance.now();
const [moments] = trajectories.moments(0, count);
const ours = (performance.now() - begin) / 1e3 / count;
const [{ rotor, jumps }] = trajectories.snapshots([moments]);

const microseconds = (seconds) => `${(1e6 * seconds).toFixed(1)} µs`;
const against = (mean, error) =>
  `⟨L_z²⟩ = ${mean.toFixed(4)} ± ${error.toFixed(4)}, ${((mean - wanted) / error).toFixed(1)} standard errors off`;
const perTrajectory = jumps.bath1.mean + jumps.bath2.mean + jumps.load.mean;
console.log(`master equation: ⟨L_z²⟩ = ${wanted.toFixed(4)}`);
console.log(
  `quantum-mill: ${microseconds(ours)} a trajectory (${microseconds(ours / perTrajectory)} a jump); ` +
    against(rotor.Lz2.mean, rotor.Lz2.error),
);

const python = process.env.PYTHON ?? 'python3';
const request = JSON.stringify({ parameters, lmin, lmax, t, count: peerCount });
const script = fileURLToPath(new URL('trajectories_qutip.py', import.meta.url));
const peer = spawnSync(python, [script], { input: request, encoding: 'utf8' });
if (peer.status !== 0) {
  const why = peer.error?.message ?? peer.stderr.trim().split('\n').at(-1);
  console.log(`QuTiP: skipped, ${python} cannot run it (${why}); set PYTHON to one that can`);
} else {
  const { version, seconds, mean, error } = JSON.parse(peer.stdout);
  const theirs = seconds / peerCount;
  console.log(
    `QuTiP ${version} mcsolve: ${microseconds(theirs)} a trajectory; ${against(mean, error)}\n` +
      `ratio: ${(theirs / ours).toFixed(0)}`,
  );
}
