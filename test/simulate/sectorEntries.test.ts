/** What the GPU's sector kernels assemble by hand, entry by entry against the matrix that is derived from the terms. */
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { Precision } from '../../src/backend/backend.js';
import { openDevice } from '../../src/backend/webgpu/device.js';
import { probeDf64 } from '../../src/backend/webgpu/probe.js';
import type { BoundSector } from '../../src/lindblad/sectorProgram.js';
import { compiledSector } from '../../src/lindblad/sectorSolution.js';
import { mill } from '../../src/machine/mill.js';
import { masterEquationOf } from '../../src/model/masterEquations/registry.js';
import { type DeviceInput, deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { cutoffOn, valuesOf } from '../../src/simulate/millSector.js';
import { packPoints, type SectorPoint } from '../../src/simulate/sectorPoints.js';
import { decades, drivenDevices, numbers, resonantDevices } from '../support/arbitrary.js';
import { derivedMatrix, Matrix } from '../support/sectorMatrix.js';

/** Numbers of a place: 12 rows of as many columns; and of an edge: what it gives to a site, and what it takes. */
const PLACE = 144;
const EDGE = 12;
const UNKNOWNS = 6;

const KERNEL = `
import package::sector_numbers::{lane, to_pair};
import package::sector_point::{batch, read_point, mirrored};
import package::sector_model::{matrix, link_at, edge_of, assemble};

@group(0) @binding(2) var<storage, read_write> entries: array<vec2f>;

/// All that is assembled of a point, upwards and, as seen in the mirrored model, downwards.
@compute @workgroup_size(64)
fn assembled(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= batch.count) { return; }
  var point = read_point(id.x);
  var slot = id.x;
  for (var orientation = 0u; orientation < 2u; orientation++) {
    for (var place = 0u; place + 1u < batch.levels; place++) {
      let link = link_at(point, place);
      if (place == 0u) {
        let edge = edge_of(point, link);
        for (var i = 0u; i < 12u; i++) {
          if (i < 6u) { entries[slot] = to_pair(edge.out[i]); }
          else if (i < 10u) { entries[slot] = to_pair(lane(edge.from_link, i - 6u)); }
          else { entries[slot] = to_pair(lane(edge.from_level, i - 10u)); }
          slot += batch.stride;
        }
      }
      assemble(point, link, place, link.above);
      for (var i = 0u; i < 144u; i++) {
        entries[slot] = to_pair(lane(matrix[i / 4u], i % 4u));
        slot += batch.stride;
      }
    }
    point = mirrored(point);
  }
}
`;

const device = openDevice();
const probe = device.then(probeDf64);
afterAll(async () => (await device).close());

/** By point, what the kernel assembles, one number after another. */
async function assembled(
  precision: Precision,
  points: readonly SectorPoint[],
  levels: number,
): Promise<Float64Array[]> {
  const gpu = await device;
  const kernel = await gpu.kernel('generated', 'assembled', ['parameters', 'input', 'output'], {
    conditions: {
      df64: precision === 'f64',
      global: points[0].parameters.model === 'global',
      ...((await probe).variant?.conditions ?? {}),
    },
    generated: KERNEL,
  });
  const stride = 64 * Math.ceil(points.length / 64);
  const count = 2 * (EDGE + PLACE * (levels - 1));
  const centers = points.map(() => 0);
  const packed = packPoints(points, levels, centers, stride, precision);
  const size = 8 * count * stride;
  const [table, entries] = await Promise.all([
    gpu.storage('points', packed.byteLength),
    gpu.storage('entries', size),
  ]);
  gpu.write(table, packed);
  gpu.dispatch(
    kernel,
    [
      { buffer: table, size: packed.byteLength },
      { buffer: entries, size },
    ],
    [stride / 64, 1, 1],
    size,
    Uint32Array.of(points.length, stride, levels),
  );
  const raw = new Float32Array(await gpu.read(entries, size));
  for (const buffer of [table, entries]) gpu.pool.release(buffer);
  return points.map((_, p) =>
    Float64Array.from({ length: count }, (_, n) => {
      const at = 2 * (n * stride + p);
      return raw[at] + raw[at + 1];
    }),
  );
}

/** Where an unknown of the kernel's is in the derived matrix, and its sign there. */
interface Unknown {
  readonly at: number;
  readonly sign: 1 | -1;
}

/** Re, Im, D, E of the link above a level (by its index), and 11, 00 of the level. */
function unknownsOf(sector: BoundSector): (level: number, unknown: number) => Unknown {
  const { program } = sector;
  const [up, down] = [2, 1];
  const find = (ket: number, bra: number, level: number, part: 0 | 1): Unknown => {
    const { unknown, conjugation } = program.unknownOf[program.classOf(ket, bra)];
    const sign = part === 1 && conjugation < 0 ? -1 : 1;
    return { at: sector.index(level + program.offsets[ket], unknown + part), sign };
  };
  return (level, u) => {
    if (u < 2) return find(up, down, level + 1, u as 0 | 1);
    const state = [up, down, 3, 0][u - 2];
    return find(state, state, u === 2 ? level + 1 : level, 0);
  };
}

/** An unknown's place in the natural order, by that in the mirrored one: Im changes its sign, D and E change places. */
function mirrored(
  levels: number,
  level: number,
  u: number,
): [level: number, u: number, sign: 1 | -1] {
  if (u >= 4) return [levels - 1 - level, u, 1];
  return [levels - 2 - level, u === 2 ? 3 : u === 3 ? 2 : u, u === 1 ? -1 : 1];
}

/** The kernel's numbers as a matrix in the derived order: places seen in one orientation, the edges each in its own. */
function found(numbers: Float64Array, sector: BoundSector, isMirrored: boolean): Matrix {
  const levels = sector.window.size;
  const matrix = new Matrix();
  const natural = unknownsOf(sector);
  const unknownIn =
    (mirror: boolean) =>
    (level: number, u: number): Unknown => {
      if (!mirror) return natural(level, u);
      const [there, v, sign] = mirrored(levels, level, u);
      const { at, sign: own } = natural(there, v);
      return { at, sign: own === sign ? 1 : -1 };
    };
  const add = (row: Unknown, column: Unknown, value: number) =>
    matrix.add(row.at, column.at, row.sign * column.sign * value);
  const half = numbers.length / 2;
  for (const mirror of [false, true]) {
    const unknown = unknownIn(mirror);
    const own = numbers.subarray(mirror ? half : 0);
    // |D⟩ of the lowest level is above a level that is not there.
    const edge = unknown(-1, 2);
    for (let u = 0; u < UNKNOWNS; u++) {
      add(unknown(0, u), edge, own[u]);
      add(edge, unknown(0, u), own[UNKNOWNS + u]);
    }
  }
  const unknown = unknownIn(isMirrored);
  const own = numbers.subarray((isMirrored ? half : 0) + EDGE);
  for (let place = 0; place + 1 < levels; place++) {
    const rows = Array.from({ length: 12 }, (_, r) => [Math.floor(r / 6), r % 6] as const);
    // Of both links, then of both levels.
    const columns = rows.map((_, c) =>
      c < 8
        ? ([Math.floor(c / 4), c % 4] as const)
        : ([Math.floor(c / 2) - 4, 4 + (c % 2)] as const),
    );
    rows.forEach(([above, u], r) => {
      columns.forEach(([beyond, v], c) => {
        const value = own[PLACE * place + 12 * r + c];
        // Beyond the window there is nothing.
        if (value !== 0) add(unknown(place + above, u), unknown(place + beyond, v), value);
      });
    });
  }
  return matrix;
}

const [LMIN, LEVELS] = [-4, 7];
const window = rotorWindow(LMIN, LMIN + LEVELS - 1);
const coldDevices = drivenDevices(decades(1, 30), decades(1e-6, 0.1));

const samples = (devices: fc.Arbitrary<DeviceInput>, model: 'local' | 'global'): SectorPoint[] =>
  fc
    .sample(devices, { numRuns: 40, seed: 20260611, unbiased: true })
    .map((input) => ({ parameters: deviceParameters({ ...input, model }), lmin: LMIN }));

/** Relative to each entry; between eigenstates a rate is off by as often as its exponent βω is large. */
const TOLERANCE = {
  local: { f64: 5e-14, f32: 5e-7 },
  global: { f64: 5e-12, f32: 3e-5 },
};
/** Below it numbers of float32, and the second ones of pairs, lose digits. */
const FAINT = 1e-26;
/** What the load makes of coherences between eigenstates is a difference of numbers as large as its own rates. */
const OF_LOAD = 0.01;

describe.each(['f64', 'f32'] as const)(
  'entries are those of the derived matrix, %s',
  (precision) => {
    test.each(['local', 'global'] as const)('%s', async (model) => {
      for (const devices of [numbers, coldDevices, resonantDevices]) {
        const points = samples(devices, model);
        const all = await assembled(precision, points, LEVELS);
        points.forEach(({ parameters }, p) => {
          const values = valuesOf(parameters, cutoffOn(parameters, window));
          const { sector } = compiledSector(mill, masterEquationOf(parameters).of, values).on(
            window,
          );
          sector.numbers.fill(values);
          const derived = derivedMatrix(sector);
          const { betaR, gamma, I } = parameters;
          const least = model === 'local' ? FAINT : Math.max(FAINT, (OF_LOAD * I * gamma) / betaR);
          for (const isMirrored of [false, true]) {
            const matrix = found(all[p], sector, isMirrored);
            expect(matrix.error(derived, least)).toBeLessThan(TOLERANCE[model][precision]);
          }
        });
      }
    });
  },
);
