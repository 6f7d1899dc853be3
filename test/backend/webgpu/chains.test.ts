/** Chains factorised and solved on the software adapter, by both schemes, against float64. */
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { factoriseChains } from '../../../src/backend/cpu/chains.js';
import { SCHEMES, type Scheme } from '../../../src/backend/webgpu/chainFactors.js';
import { chainLayout } from '../../../src/backend/webgpu/chainLayout.js';
import { factoriseOnDevice } from '../../../src/backend/webgpu/chains.js';
import { type Device, openDevice } from '../../../src/backend/webgpu/device.js';
import { NO_DF64 } from '../../../src/backend/webgpu/probe.js';
import { DeviceVectors } from '../../../src/backend/webgpu/vectors.js';
import { apply } from '../../../src/generator/apply.js';
import { chainsOf, SingularMatrixError } from '../../../src/generator/chains.js';
import { lindbladian } from '../../../src/generator/lindbladian.js';
import { sectorsOf } from '../../../src/generator/siteMatrix.js';
import { device as quantumDevice } from '../../../src/model/device.js';
import { type DeviceInput, deviceParameters } from '../../../src/model/parameters.js';
import { rotorWindow } from '../../../src/operators/window.js';
import { device as anyDevice } from '../../support/arbitrary.js';
import { type RandomSectors, randomSectors } from '../../support/chains.js';
import { distance, norm, operatorNorm, randomElements } from '../../support/vectors.js';

const f32 = { conditions: { df64: false, ...NO_DF64 } };
const opened = openDevice();
afterAll(async () => (await opened).close());

/** The whole space of a device without potential, but for the sector of the populations. */
function coherences(input: DeviceInput, levels: number): RandomSectors {
  const window = rotorWindow(-Math.floor(levels / 3), levels - 1 - Math.floor(levels / 3));
  const { system } = quantumDevice(deviceParameters(input), window);
  const generator = lindbladian(system, 'full').total;
  return { generator, sectors: sectorsOf(generator).filter(({ hermitian }) => !hermitian) };
}

async function factorised(device: Device, { generator, sectors }: RandomSectors, scheme?: Scheme) {
  const vectors = await DeviceVectors.on(device, 'f32', f32);
  const layout = chainLayout(generator, sectors);
  return { vectors, inverse: await factoriseOnDevice(vectors, generator, layout, scheme) };
}

async function solved(
  device: Device,
  chains: RandomSectors,
  right: Float64Array,
  scheme?: Scheme,
): Promise<Float64Array> {
  const { vectors, inverse } = await factorised(device, chains, scheme);
  const { size } = chains.generator.space;
  const [x, y] = [await vectors.allocate(size), await vectors.allocate(size)];
  vectors.write(right, x);
  // What a vector held before must not matter.
  vectors.write(randomElements(size, 2), y);
  await inverse.apply(x, y);
  const result = await vectors.read(y, size);
  inverse.release();
  vectors.release(x);
  vectors.release(y);
  return result;
}

/** Both schemes' solutions against M⁻¹x in float64. */
async function compared(device: Device, chains: RandomSectors, seed: number) {
  const { generator, sectors } = chains;
  const right = randomElements(generator.space.size, seed);
  const exact = new Float64Array(right.length);
  const factors = factoriseChains(chainsOf(generator, sectors));
  factors.solve(right, exact);
  // ‖M⁻¹‖ from below, by the power method.
  let inverseNorm = norm(exact) / norm(right);
  let power = exact;
  for (let step = 0; step < 4; step++) {
    const length = norm(power);
    const next = new Float64Array(right.length);
    factors.solve(
      power.map((value) => value / length),
      next,
    );
    inverseNorm = Math.max(inverseNorm, norm(next));
    power = next;
  }
  const own = new Set(sectors.flatMap(({ classes }) => [...classes]));
  const couplings = generator.couplings.filter(({ targetClass }) => own.has(targetClass));
  const matrix = { ...generator, couplings };
  // Of the conjugate sectors that are not solved the right-hand side is that of their partners.
  const rightSolved = apply(matrix, exact);
  const matrixNorm = operatorNorm(matrix);
  const solutions = {
    sequential: await solved(device, chains, right, 'sequential'),
    cyclic: await solved(device, chains, right, 'cyclic'),
  };
  return {
    /** ‖My − x‖ / ‖M‖‖y‖: how far from the right-hand side the solution is. */
    backward: (scheme: Scheme) =>
      distance(apply(matrix, solutions[scheme]), rightSolved) / (matrixNorm * norm(exact)),
    /** ‖y − M⁻¹x‖ / ‖M⁻¹x‖. */
    forward: (scheme: Scheme) => distance(solutions[scheme], exact) / norm(exact),
    apart: distance(solutions.sequential, solutions.cyclic) / norm(exact),
    condition: Math.max(1, matrixNorm * inverseNorm),
  };
}

describe('both schemes', () => {
  test('solve well-conditioned chains of every length to rounding', async () => {
    for (const levels of [2, 3, 7, 16, 33]) {
      const found = await compared(await opened, randomSectors(levels), 5);
      for (const scheme of SCHEMES) {
        expect(found.forward(scheme), `${scheme}, ${levels}`).toBeLessThan(1e-6);
      }
    }
  });

  test('solve the coherences of random devices, and agree as far as these are well-conditioned', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(anyDevice('local'), anyDevice('global')),
        fc.integer({ min: 2, max: 20 }),
        fc.nat(1e6),
        async (input, levels, seed) => {
          const found = await compared(await opened, coherences(input, levels), seed);
          const tolerance = 1e-6 * found.condition;
          for (const scheme of SCHEMES)
            expect(found.forward(scheme), scheme).toBeLessThan(tolerance);
          expect(found.apart).toBeLessThan(tolerance);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('do so on 128 levels', async () => {
    const found = await compared(await opened, coherences({}, 128), 7);
    for (const scheme of SCHEMES) {
      expect(found.backward(scheme), scheme).toBeLessThan(1e-6);
      expect(found.forward(scheme), scheme).toBeLessThan(1e-3);
    }
    expect(found.apart).toBeLessThan(1e-3);
  });

  test('of a few chains, whatever a buffer of theirs held before', async () => {
    const { generator, sectors } = randomSectors(7);
    for (const pairs of [1, 2, 3]) {
      const device = await openDevice();
      // Where a chain that is not there would start, and how long it would be.
      const used = await Promise.all([1, 2, 3, 4].map(() => device.storage('used', 32)));
      for (const buffer of used) device.write(buffer, new Uint32Array(8).fill(100));
      for (const buffer of used) device.pool.release(buffer);
      const few = { generator, sectors: sectors.slice(0, 2 * pairs) };
      const found = await compared(device, few, 5);
      for (const scheme of SCHEMES) expect(found.forward(scheme), scheme).toBeLessThan(1e-6);
      device.close();
    }
  });

  test('give the same numbers where factors need several buffers', async () => {
    const small = await openDevice({ mostBytesPerBinding: 2 ** 21 });
    const chains = coherences({}, 61);
    const { sites, width } = chainLayout(chains.generator, chains.sectors);
    const bytes = 8 * 3 * width ** 2 * sites.reduce((a, b) => a + b);
    expect(bytes).toBeGreaterThan(2 * small.bindingLimit);
    const right = randomElements(chains.generator.space.size, 3);
    for (const scheme of SCHEMES) {
      const whole = await solved(await opened, chains, right, scheme);
      expect(distance(await solved(small, chains, right, scheme), whole)).toBe(0);
    }
    small.close();
  });

  test.each(SCHEMES)('tell a singular chain, %s', async (scheme) => {
    const factors = factorised(await opened, randomSectors(12, true), scheme);
    await expect(factors).rejects.toThrow(SingularMatrixError);
  });

  test.each(SCHEMES)(
    'leave the verdict to float64 where float32 cannot tell, %s',
    async (scheme) => {
      const { generator, sectors } = randomSectors(12);
      const { classes } = generator.space;
      const near = sectors.find((sector) => sector.classes.length === 2);
      const [one, other] = near?.classes ?? [];
      // [1 1; 1 1 + 1e-9] at each site.
      const couplings = generator.couplings.flatMap((c) => {
        if (c.targetClass !== one && c.targetClass !== other) return [c];
        const here =
          c.source - classes[c.sourceClass].offset === c.target - classes[c.targetClass].offset;
        const corner = c.sourceClass === other && c.targetClass === other;
        return here ? [{ ...c, ket: null, coefficient: { re: corner ? 1 + 1e-9 : 1, im: 0 } }] : [];
      });
      const chains = { generator: { ...generator, couplings }, sectors };
      const right = randomElements(generator.space.size, 4);
      const found = await solved(await opened, chains, right, scheme);
      expect(norm(found)).toBeLessThan(1e9 * norm(right));
    },
  );
});

test('the scheme that is faster here is taken, and solves the same', async () => {
  const chains = coherences({}, 16);
  const right = randomElements(chains.generator.space.size, 6);
  const chosen = await solved(await opened, chains, right);
  const either = await Promise.all(
    SCHEMES.map(async (s) => solved(await opened, chains, right, s)),
  );
  expect(either.map((solution) => distance(solution, chosen))).toContain(0);
});
