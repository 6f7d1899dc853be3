/** Steady states of described machines of which no charge is conserved, beside QuTiP with each one's own script. */
import { readFileSync } from 'node:fs';
import { cpuBackend } from '../../backend/cpu/backend.js';
import { describedMachine } from '../../machine/description/described.js';
import { pythonScript } from '../../machine/description/pythonScript.js';
import type { Values } from '../../machine/tape.js';
import { rotorWindow } from '../../operators/window.js';
import { defaultValues } from '../../simulate/machineInputs.js';
import { machineSteady } from '../../simulate/machineSteady.js';
import { MachineSystem } from '../../simulate/machineSystem.js';
import { measure } from '../measure.js';
import { admitted } from '../row.js';
import type { Measure } from '../study.js';
import { DEVICES } from './devices.js';
import { peerRow } from './peerRow.js';

const NAMES = ['piston', 'measured-piston'];
const PEER_TOLERANCE = 1e-6;
const TOLERANCE = 1e-12;
const EDGE_TOLERANCE = 1e-8;

export const measureMachines: Measure = async (settings) => {
  const { quick, effort, peers, onRow } = settings;
  const backend = cpuBackend();
  for (const name of quick ? NAMES.slice(0, 1) : NAMES) {
    const file = new URL(`../../../machines/${name}.yaml`, import.meta.url);
    const described = describedMachine(`${name}.yaml`, readFileSync(file, 'utf8'));
    const system = new MachineSystem(described);
    const { lmin, lmax } = described.ladder;
    const window = rotorWindow(lmin, lmax);
    const values = defaultValues(described);
    const choice = { space: 'auto', method: 'auto' } as const;
    const solve = (at: Values) =>
      machineSteady(system, at, window, choice, EDGE_TOLERANCE, backend);
    // Another machine each time, in every parameter that is not 0: nothing may be remembered.
    let turn = 0;
    const next = (): Values => {
      const factor = 1 + (0.01 * (turn++ % DEVICES)) / DEVICES;
      return Object.fromEntries(Object.entries(values).map(([key, x]) => [key, x * factor]));
    };
    const { relativeResidual, ladder, observables } = await solve(values);
    const named = { group: 'steady', task: `steady state, ${name}`, N: window.size } as const;
    onRow(
      admitted({
        ...named,
        solver: 'band, gmres, every observable',
        error: relativeResidual,
        oracle: '‖Lρ‖ of ‖|L||ρ|‖',
        tolerance: TOLERANCE,
        seconds: await measure(() => solve(next()), effort),
      }),
    );
    if (peers.missing !== null) continue;
    peerRow(settings, {
      ...named,
      request: {
        task: 'machine',
        script: pythonScript(described, values, window),
        runs: quick ? 2 : 3,
      },
      wanted: [
        Number(ladder?.mean),
        Number(ladder?.meanSquare),
        ...Object.values(observables).map(Number),
      ],
      oracle: 'band, gmres',
      tolerance: PEER_TOLERANCE,
    });
  }
};
