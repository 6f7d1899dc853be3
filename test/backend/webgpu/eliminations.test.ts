/** Any machine's chain on the software adapter: its entries, and its null vector, against those of the CPU. */
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { Precision } from '../../../src/backend/backend.js';
import { openDevice } from '../../../src/backend/webgpu/device.js';
import { packDf64 } from '../../../src/backend/webgpu/df64.js';
import { DeviceChains } from '../../../src/backend/webgpu/eliminations.js';
import { probeDf64 } from '../../../src/backend/webgpu/probe.js';
import {
  DeviceTape,
  filled,
  numberConditions,
  packedNumbers,
  strideOf,
} from '../../../src/backend/webgpu/tapes.js';
import { equationOf } from '../../../src/lindblad/openSystem.js';
import { type BoundSector, SectorProgram } from '../../../src/lindblad/sectorProgram.js';
import { compiledSector } from '../../../src/lindblad/sectorSolution.js';
import { SectorWords } from '../../../src/lindblad/sectorWords.js';
import { mill } from '../../../src/machine/mill.js';
import type { Values } from '../../../src/machine/tape.js';
import { masterEquationOf } from '../../../src/model/masterEquations/registry.js';
import { deviceParameters } from '../../../src/model/parameters.js';
import { rotorWindow } from '../../../src/operators/window.js';
import { cutoffOn, valuesOf } from '../../../src/simulate/millSector.js';
import { conservingNullVector } from '../../../src/solve/conservingElimination.js';
import { numbers } from '../../support/arbitrary.js';
import { kinds, openSystem } from '../../support/openSystems.js';
import { derivedMatrix, Matrix } from '../../support/sectorMatrix.js';

const device = openDevice();
const probe = device.then(probeDf64);
afterAll(async () => (await device).close());

/** A sector, and devices in it. */
interface Case {
  readonly name: string;
  readonly sector: BoundSector;
  readonly devices: readonly Values[];
}

function millCase(model: 'local' | 'global'): Case {
  const window = rotorWindow(-5, 9);
  const devices = fc
    .sample(numbers, { numRuns: 20, seed: 20261129, unbiased: true })
    .map((input) => deviceParameters({ ...input, model }))
    .map((parameters) => valuesOf(parameters, cutoffOn(parameters, window)));
  const { of } = masterEquationOf({ model });
  return { name: model, sector: compiledSector(mill, of, devices[0]).on(window).sector, devices };
}

/** Shapes of a site, unknowns and how many of them are in pairs: each is compiled by itself. */
const SHAPES = ['4 2', '12 4'];
const OF_EACH = 3;

/** Random machines whose populations are a sector, of sites of one charge and of two. */
const sectors = fc
  .sample(kinds(40), { numRuns: 400, seed: 7 })
  .filter(({ conserved, mixing, states }) => conserved === 'all' && mixing && states > 1)
  .flatMap((kind) => {
    const system = openSystem(kind);
    const sector = SectorProgram.of(equationOf(system))?.bind(system.window);
    return sector === undefined ? [] : [{ name: `seed ${kind.seed}`, sector, devices: [{}] }];
  });
const randomCases = SHAPES.flatMap((shape): Case[] =>
  sectors
    .filter(({ sector }) => `${sector.siteWidth} ${sector.sitePaired}` === shape)
    .slice(0, OF_EACH),
);

const cases = [millCase('local'), millCase('global'), ...randomCases];

test('random machines have sites of one charge, and of two', () => {
  expect(randomCases.length).toBe(OF_EACH * SHAPES.length);
  expect(randomCases.some(({ sector }) => sector.reach === 2)).toBe(true);
});

test.each(cases)('what leaves a population of $name is not computed', ({ sector }) => {
  const { program } = sector;
  const { bands, paired } = program;
  const code = new SectorWords(program);
  const leaving = bands.filter(
    ({ row, column, step }) => row === column && step === 0 && row >= paired,
  );
  const read = new Set(bands.filter((band) => !leaving.includes(band)).map(({ table }) => table));
  const alone = leaving.filter(({ table }) => !read.has(table));
  expect(alone.length).toBeGreaterThan(0);
  for (const { table } of alone) {
    expect(() => code.numberOf(table, 0, sector)).toThrow('no table');
  }
});

const KERNEL = `
import package::numbers::{number, to_pair};
import package::elimination::{batch, chain, matrix, order, assemble};
import package::elimination_steps::step_of;

@group(0) @binding(3) var<storage, read_write> entries: array<vec2f>;

@compute @workgroup_size(64)
fn assembled(@builtin(global_invocation_id) id: vec3u) {
  chain = id.x;
  if (chain >= batch.count) { return; }
  let center = u32(entries[chain].y);
  var at = chain;
  for (var n = 0u; n < batch.sites; n++) {
    for (var i = 0u; i < order * order; i++) { matrix[i] = number(0.0); }
    assemble(step_of(n, center, batch.sites));
    for (var i = 0u; i < order * order; i++) {
      entries[at] = to_pair(matrix[i]);
      at += batch.stride;
    }
  }
}
`;

/** What the kernel assembles of each device, about a centre. */
async function assembled(
  precision: Precision,
  { sector, devices }: Case,
  centre: number,
): Promise<Matrix[]> {
  const gpu = await device;
  const { variant } = await probe;
  const code = new SectorWords(sector.program);
  const form = code.on(sector);
  const { levels, sites, width, paired } = form;
  const stride = strideOf(devices.length);
  const batch = { count: devices.length, stride, levels };
  const packed = packedNumbers(precision, batch, form.tape.count, (p, out) => {
    sector.numbers.fill(devices[p]);
    code.pack(sector, out);
  });
  const tape = await DeviceTape.on(gpu, precision, variant, form.tape);
  const bindings = ['parameters', 'input', 'input', 'output'] as const;
  const kernel = await gpu.kernel('generated', 'assembled', bindings, {
    conditions: numberConditions(precision, variant),
    constants: { width: `${width}u`, paired: `${paired}u` },
    generated: KERNEL,
  });
  const count = sites * 4 * width ** 2;
  const centres = new Float32Array(2 * count * stride);
  devices.forEach((_, p) => {
    centres[2 * p + 1] = centre;
  });
  const slices = await Promise.all([
    filled(gpu, 'words', form.words),
    filled(gpu, 'numbers', packed),
    filled(gpu, 'given', packDf64(form.given)),
    filled(gpu, 'tables', new Uint8Array(tape.bytes(batch))),
    filled(gpu, 'entries', centres),
  ]);
  const [words, own, given, tables, entries] = slices;
  tape.run(batch, own, given, tables);
  gpu.dispatch(
    kernel,
    [words, tables, entries],
    [stride / 64, 1, 1],
    entries.size,
    Uint32Array.of(devices.length, stride, levels, sites),
  );
  const raw = new Float32Array(await gpu.read(entries.buffer, entries.size));
  for (const { buffer } of slices) gpu.pool.release(buffer);
  tape.release();
  return devices.map((_, p) => {
    const matrix = new Matrix();
    for (let step = 0; step < sites; step++) {
      const isCentre = step === sites - 1;
      const isBelow = step < centre && !isCentre;
      const site = isCentre ? centre : isBelow ? step : sites - 1 - (step - centre);
      const next = isBelow ? site + 1 : site - 1;
      const place = (u: number) => (u < width ? site : next) * width + (u % width);
      for (let i = 0; i < 4 * width ** 2; i++) {
        const at = 2 * ((step * 4 * width ** 2 + i) * stride + p);
        const value = raw[at] + raw[at + 1];
        if (value === 0) continue;
        matrix.add(place(Math.floor(i / (2 * width))), place(i % (2 * width)), value);
      }
    }
    return matrix;
  });
}

/** Entries may be differences of larger numbers: below this part of the largest one they are judged by it. */
const DIFFERENCES = 1e-4;
const ENTRIES = { f64: 5e-13, f32: 5e-6 };
const POPULATIONS = { f64: 1e-11, f32: 2e-5 };
/** Of populations that are compared, the smallest one. */
const SMALLEST = { f64: 1e-24, f32: 1e-12 };

describe.each(['f64', 'f32'] as const)('%s', (precision) => {
  test.each(cases)('the entries of $name are those of the derived matrix', async (one) => {
    const { sector, devices } = one;
    for (const centre of new Set([0, sector.sites >> 1, sector.sites - 1])) {
      const found = await assembled(precision, one, centre);
      found.forEach((matrix, p) => {
        sector.numbers.fill(devices[p]);
        const derived = derivedMatrix(sector);
        for (const { site, to, from, value } of sector.gapEntries) {
          derived.add(site * sector.siteWidth + to, site * sector.siteWidth + from, value);
        }
        expect(matrix.error(derived, DIFFERENCES * derived.largest)).toBeLessThan(
          ENTRIES[precision],
        );
      });
    }
  });

  test.each(cases)('the null vector of $name is the CPU’s', async ({ sector, devices }) => {
    const { sites, siteWidth, sitePaired } = sector;
    const code = new SectorWords(sector.program);
    const { variant } = await probe;
    const chains = await DeviceChains.on(await device, precision, variant, code.on(sector));
    const start = sector.nearestEnding(sites >> 1);
    const unknowns: Float64Array[] = [];
    const { verdicts } = await chains.solve({
      count: devices.length,
      read: (p, x) => {
        unknowns[p] = x;
      },
      centres: devices.map(() => start),
      nearest: (site) => sector.nearestEnding(site),
      pack: (p, out) => {
        sector.numbers.fill(devices[p]);
        code.pack(sector, out);
      },
    });
    chains.release();
    devices.forEach((values, p) => {
      expect(verdicts[p]).toBe('solved');
      sector.numbers.fill(values);
      const exact = conservingNullVector((centre) => sector.assemble(centre), start).unknowns;
      const found = unknowns[p];
      const isPopulation = (u: number) => u % siteWidth >= sitePaired;
      const total = found.reduce((sum, x, u) => (isPopulation(u) ? sum + x : sum), 0);
      const tolerance = POPULATIONS[precision];
      exact.forEach((x, u) => {
        const error = Math.abs(found[u] / total - x);
        if (!isPopulation(u)) expect(error).toBeLessThan(tolerance);
        else if (x > SMALLEST[precision]) expect(error / x).toBeLessThan(tolerance);
      });
    });
  });
});
