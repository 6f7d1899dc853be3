/** A steady state on its way, in a file: from it the solution goes on. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { spaceOf } from '../generator/classes.js';
import { QUBIT_STATES } from '../model/operator.js';
import { type DeviceParameters, ParameterError } from '../model/parameters.js';
import { rotorWindow } from '../model/window.js';
import type { DensityMatrix } from '../state/densityMatrix.js';

interface Header {
  readonly format: 'quantum-mill steady state, 1';
  readonly parameters: DeviceParameters;
  readonly lmin: number;
  readonly lmax: number;
  readonly iterations: number;
  /** ket, bra and delta of each class, in order. */
  readonly classes: readonly (readonly [number, number, number])[];
}

export interface Checkpoint {
  readonly rho: DensityMatrix;
  readonly iterations: number;
}

const FORMAT = 'quantum-mill steady state, 1';

/** Writes one line of JSON and then the elements, float64, little-endian; never a half-full file. */
export async function writeCheckpoint(
  file: string,
  parameters: DeviceParameters,
  { space, elements }: DensityMatrix,
  iterations: number,
): Promise<void> {
  const header: Header = {
    format: FORMAT,
    parameters,
    lmin: space.window.lmin,
    lmax: space.window.lmax,
    iterations,
    classes: space.classes.map(({ ket, bra, delta }) => [ket, bra, delta]),
  };
  const line = Buffer.from(`${JSON.stringify(header)}\n`);
  const bytes = Buffer.from(elements.buffer, elements.byteOffset, elements.byteLength);
  const unfinished = `${file}.${process.pid}.tmp`;
  await writeFile(unfinished, Buffer.concat([line, bytes]));
  await rename(unfinished, file);
}

/**
 * @throws {ParameterError} for a file that is no checkpoint, or one of another device
 */
export async function readCheckpoint(
  file: string,
  parameters: DeviceParameters,
): Promise<Checkpoint> {
  const refuse = (why: string): never => {
    throw new ParameterError('resume', file, `a checkpoint of this device (${why})`);
  };
  let content: Buffer;
  try {
    content = await readFile(file);
  } catch (error) {
    return refuse((error as NodeJS.ErrnoException).code ?? String(error));
  }
  const end = content.indexOf(10);
  let header: Header;
  try {
    header = JSON.parse(content.subarray(0, Math.max(0, end)).toString());
  } catch {
    return refuse('its first line is no JSON');
  }
  if (header.format !== FORMAT) return refuse('it has another format');
  for (const [name, value] of Object.entries(parameters)) {
    const saved = header.parameters[name as keyof DeviceParameters];
    if (saved !== value) return refuse(`its ${name} is ${saved}, not ${value}`);
  }
  const space = spaceOf(
    { states: QUBIT_STATES, window: rotorWindow(header.lmin, header.lmax) },
    header.classes.map(([ket, bra, delta]) => ({ ket, bra, delta })),
  );
  const bytes = content.subarray(end + 1);
  if (bytes.length !== 16 * space.size) return refuse('it is cut short');
  const elements = new Float64Array(2 * space.size);
  Buffer.from(elements.buffer).set(bytes);
  return { rho: { space, elements }, iterations: header.iterations };
}
