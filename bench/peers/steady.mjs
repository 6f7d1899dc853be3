/**
 * The paper's steady state at N = 61, with every observable here, without any in QuTiP, in one run:
 *
 *   npm run bench:peers
 *
 * QuTiP is looked for in the Python named by the variable PYTHON (python3 by default; Debian's package
 * python3-qutip is for /usr/bin/python3).
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { deviceParameters, truncation } from '../../dist/model/parameters.js';
import { rotorWindow } from '../../dist/model/window.js';
import { steadyObservables, steadyStateOn } from '../../dist/simulate/steady.js';

const [lmin, lmax] = [-20, 40];
const window = rotorWindow(lmin, lmax);
const given = truncation({ lmin, lmax });

function ours(beta2) {
  return steadyObservables(steadyStateOn(deviceParameters({ beta2 }), window), given);
}

/** Seconds of one solution: the best of ten rounds of 500 different devices, warm. */
function measure() {
  const rounds = [];
  for (let round = 0; round < 10; round++) {
    const begin = performance.now();
    for (let i = 0; i < 500; i++) ours(0.01 + 0.07 * (i / 500));
    rounds.push((performance.now() - begin) / 500 / 1e3);
  }
  return Math.min(...rounds);
}

const seconds = measure();
const microseconds = (s) => `${(1e6 * s).toFixed(0)} µs`;
console.log(
  `quantum-mill, all observables: ${microseconds(seconds)} on one core (${cpus()[0].model})`,
);

const python = process.env.PYTHON ?? 'python3';
const parameters = deviceParameters();
const request = JSON.stringify({ parameters, lmin, lmax, runs: 5 });
const script = fileURLToPath(new URL('steady_qutip.py', import.meta.url));
const peer = spawnSync(python, [script], { input: request, encoding: 'utf8' });
if (peer.status !== 0) {
  const why = peer.error?.message ?? peer.stderr.trim().split('\n').at(-1);
  console.log(`QuTiP: skipped, ${python} cannot run it (${why}); set PYTHON to one that can`);
} else {
  const { version, building, solving, Lz } = JSON.parse(peer.stdout);
  const difference = Math.abs(Lz / ours(parameters.beta2).rotor.Lz - 1);
  console.log(
    `QuTiP ${version}: Liouvillian ${microseconds(building)}, steadystate(direct) ${microseconds(solving)}\n` +
      `ratio: ${(solving / seconds).toFixed(0)} to the solution alone, ` +
      `${((building + solving) / seconds).toFixed(0)} with the Liouvillian\n` +
      `relative difference of ⟨L_z⟩: ${difference.toExponential(1)}`,
  );
  const results = new URL('../results/', import.meta.url);
  mkdirSync(results, { recursive: true });
  writeFileSync(
    new URL('steady-against-qutip.json', results),
    `${JSON.stringify(
      {
        cpu: cpus()[0].model,
        node: process.version,
        N: window.size,
        seconds,
        qutip: { version, building, solving, difference },
      },
      null,
      1,
    )}\n`,
  );
}
