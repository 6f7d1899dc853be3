/**
 * What every command prints with `--json`, as schemas made of the records of parameters and observables. JSON has no
 * number that is not finite: where one would stand, as in results that are marked as not converged, there is null.
 */
import { z } from 'zod';
import { collide, machineCollide } from './schemas/collide.js';
import { device, machine } from './schemas/common.js';
import { evolve, machineEvolve } from './schemas/evolve.js';
import { fluctuationsOf, machineFluctuations, sensitivityOf } from './schemas/fluctuations.js';
import { galleryMachine, levels } from './schemas/gallery.js';
import { optimised } from './schemas/optimise.js';
import { machineRectify, rectify } from './schemas/rectify.js';
import { correlations, modeRows, modesAlong, modesOf } from './schemas/spectrum.js';
import { machineSteady, machineUnsolved, steady, unsolved } from './schemas/steady.js';
import { machineTrajectories, trajectories } from './schemas/trajectories.js';

/** Grows where a field goes or means something else; new fields may join at any time. */
export const SCHEMA_VERSION = 1;

const outputs = {
  steady: z.union([steady, unsolved, machineSteady, machineUnsolved]),
  fluctuations: z.union([fluctuationsOf, unsolved, machineFluctuations, machineUnsolved]),
  sensitivity: z.union([sensitivityOf(device), unsolved, sensitivityOf(machine), machineUnsolved]),
  modes: z.union([
    modesOf.extend(device),
    modesOf.extend(machine),
    modesAlong.extend(device),
    modesAlong.extend(machine),
  ]),
  correlate: z.union([correlations.extend(device), correlations.extend(machine)]),
  evolve: z.union([evolve, machineEvolve]),
  trajectories: z.union([trajectories, machineTrajectories]),
  collide: z.union([collide, machineCollide]),
  rectify: z.union([rectify, machineRectify]),
  optimise: z.union([optimised.extend(device), optimised.extend(machine)]),
  machines: z.union([galleryMachine, z.array(galleryMachine)]),
  levels,
} satisfies Readonly<Record<string, z.ZodType>>;

export type OutputName = keyof typeof outputs;

/** The commands that print JSON. */
export const OUTPUT_NAMES = Object.keys(outputs) as readonly OutputName[];

const schemaOf = (type: z.ZodType) => z.toJSONSchema(type, { io: 'input' });

/** The schema of what is written as CSV and netCDF. */
export const tableSchema = (name: OutputName): Readonly<Record<string, unknown>> =>
  name === 'modes'
    ? schemaOf(z.union([modeRows.extend(device), modeRows.extend(machine)]))
    : outputSchema(name);

/** The JSON Schema (draft 2020-12) of what a command prints. Fields beside those it names may be there. */
export const outputSchema = (name: OutputName): Readonly<Record<string, unknown>> => {
  const { $schema = '', ...schema } = schemaOf(outputs[name]);
  return {
    $schema,
    $id: `https://quantum-mill.example/schema/${SCHEMA_VERSION}/${name}.json`,
    title: `qmill ${name} --json`,
    ...schema,
  };
};
