/** Machines of the gallery, and from text, with their steady states on the CPU. */
import { readFileSync } from 'node:fs';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { describedMachine } from '../../src/machine/description/described.js';
import type { DescribedMachine } from '../../src/machine/description/describedMachine.js';
import type { MachineModel } from '../../src/machine/description/models.js';
import type { Values } from '../../src/machine/tape.js';
import { type MachineReading, machineSteady } from '../../src/simulate/machineSteady.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import type { SolverChoice } from '../../src/simulate/route.js';

const AUTO: SolverChoice = { space: 'auto', method: 'auto' };

export const galleryText = (name: string): string =>
  readFileSync(new URL(`../../machines/${name}.yaml`, import.meta.url), 'utf8');

export const galleryMachine = (name: string, model?: MachineModel): DescribedMachine =>
  describedMachine(`${name}.yaml`, galleryText(name), model);

/** @param changes of the parameters, and of the ladder's window */
export function steadyOf(
  described: DescribedMachine,
  changes: Values = {},
  [lmin, lmax]: readonly [number, number] = [described.ladder.lmin, described.ladder.lmax],
  choice = AUTO,
): Promise<MachineReading> {
  const values = Object.fromEntries(described.parameters.map((p) => [p.name, p.default]));
  return machineSteady(
    new MachineSystem(described),
    { ...values, ...changes },
    { lmin, lmax, size: lmax - lmin + 1 },
    choice,
    1e-8,
    cpuBackend(),
  );
}

/** A rotor that one bath turns by some steps at a time, and another back by one. */
export const turnedRotor = (steps: number, [lmin, lmax]: readonly [number, number]) =>
  describedMachine(
    'turned.yaml',
    `
name: rotor that one bath turns forth and one back
ladder: {kind: rotor, window: [${lmin}, ${lmax}]}
parameters:
  k: {default: 1, text: rate}
  I: {default: 3, text: moment of inertia}
hamiltonian:
  kinetic: L^2/(2*I)
baths:
  forth: {temperature: none, jumps: ["sqrt(k)*exp(${steps}*i*phi)*(1 - L/(4*I))"]}
  back: {temperature: none, jumps: ["exp(-i*phi)*(1 + L/(4*I))"]}
`,
  );

const PAIRS_OF_QUANTA = `
name: two qubits that give a rotor one or two quanta
subsystems: {u: 2, v: 2}
ladder: {kind: rotor, window: [-4, 7]}
parameters:
  gamma: {default: 1, unit: energy}
hamiltonian:
  all: gamma*(L^2/2 + 3*sz(u) + sz(v) + 0.3*(sm(u)*exp(i*phi) + hc) + 0.2*(sm(u)*sp(v)*exp(-i*phi) + hc))
baths:
  load:
    beta: 1/gamma
    jumps: 
      - sqrt(gamma)*exp(2*i*phi)*(1 - L/9)
      - 0.5*sqrt(gamma)*exp(-2*i*phi)*(1 + L/8)
      - 0.2*sqrt(gamma)*exp(i*phi)
  qubit:
    beta: 1/gamma
    jumps: [0.3*sqrt(gamma)*sm(u), 0.1*sqrt(gamma)*sp(u), 0.4*sqrt(gamma)*sm(v)]
`;

/** A machine whose sites are two charges each. */
export const pairsOfQuanta = (): DescribedMachine =>
  describedMachine('pairs.yaml', PAIRS_OF_QUANTA);
