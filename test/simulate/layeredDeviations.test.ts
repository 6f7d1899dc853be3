/** Large deviations in layers: against all elements at once, the sector, laws, wider windows, and cumulants. */
import { expect, test } from 'vitest';
import type { CountedTogether, Dynamics } from '../../src/fluctuations/dynamics.js';
import type { LargeDeviation } from '../../src/fluctuations/largeDeviations.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { millFluctuationsOf } from '../../src/simulate/steadyFluctuations.js';
import { type WholeRequest, wholeFluctuations } from '../../src/simulate/wholeFluctuations.js';
import { deviceOn, inLayers, NEAR_REST, pistonOn } from '../support/layers.js';

const asking = (fields: readonly number[], counted?: readonly CountedTogether[]) => ({
  ...{ frequencies: null, waiting: null, fields },
  ...(counted === undefined ? {} : { counted }),
});

const deviations = async (request: WholeRequest): Promise<Dynamics> => {
  const { dynamics } = await inLayers(request);
  if (dynamics === null) throw new Error('it is asked for');
  return dynamics;
};

type Found = Pick<LargeDeviation, 'scgf' | 'error'>;

/** That rates are one another's to what either says that it may be off by. */
function expectSame(found: readonly Found[], wanted: readonly Found[], most: number): void {
  expect(found.length).toBe(wanted.length);
  found.forEach(({ scgf, error }, k) => {
    const other = wanted[k];
    expect(Math.abs(scgf - other.scgf)).toBeLessThanOrEqual(error + other.error);
    expect(error).toBeLessThan(most * Math.max(Math.abs(scgf), 1e-4));
  });
}

const FIELDS = [-1, -0.2, 0, 0.3, 1.5];

test.each<[string, WholeRequest]>([
  ['the local mill in a potential', deviceOn({ ...NEAR_REST, V: 0.7, V2: 0.2 }, [-2, 2], 1)],
  ['at its own parameters', deviceOn({ V: 1 }, [-2, 2], 1)],
  ['the piston', pistonOn({ n2: 0.3 }, [-5, 5], 1)],
])('%s: as all elements at once have it', async (_, request) => {
  const asked = asking(FIELDS);
  const { largeDeviations } = await deviations({ ...request, asked });
  const wanted = wholeFluctuations({ ...request, asked }).dynamics?.largeDeviations;
  expect([...(largeDeviations ?? []).keys()]).toEqual([...(wanted ?? []).keys()]);
  for (const [bath, found] of largeDeviations ?? []) {
    const other = wanted?.get(bath) ?? [];
    expectSame(found, other, 1e-9);
    found.forEach(({ current, rate }, k) => {
      const scale = Math.max(Math.abs(other[k].current), 1e-4);
      expect(Math.abs(current - other[k].current)).toBeLessThan(1e-8 * scale);
      expect(Math.abs(rate - other[k].rate)).toBeLessThan(1e-8 * scale);
    });
  }
});

test('heat, and two together, as all elements at once have it', async () => {
  const asked = asking(
    [-0.4, 0.5],
    [
      [{ kind: 'heat', bath: 'load' }],
      [
        { kind: 'quanta', bath: 'bath1' },
        { kind: 'heat', bath: 'bath1' },
      ],
    ],
  );
  const request = { ...deviceOn({ ...NEAR_REST, V: 0.7, V2: 0.2 }, [-2, 2], 1), asked };
  const found = await deviations(request);
  const wanted = wholeFluctuations(request).dynamics;
  expectSame(
    found.heatDeviations.get('load') ?? [],
    wanted?.heatDeviations.get('load') ?? [],
    1e-9,
  );
  const [own, other] = [found, wanted].map((one) => one?.jointDeviations[0]?.found ?? []);
  expect(own.length).toBe(4);
  expect(own.map(({ chi }) => chi)).toEqual(other.map(({ chi }) => chi));
  expectSame(own, other, 1e-9);
});

test('next to no potential it is what the sector has, on a wide window', async () => {
  const [lmin, lmax] = [-14, 14];
  const asked = asking([-0.5, 0.3]);
  const request = deviceOn({ ...NEAR_REST, V: 1e-10 }, [lmin, lmax], 1);
  const { largeDeviations } = await deviations({ ...request, asked });
  const truncation = { lmin, lmax, edgeTolerance: 1 };
  const { dynamics } = await millFluctuationsOf(deviceParameters(NEAR_REST), truncation, 1, asked);
  for (const [bath, found] of largeDeviations ?? []) {
    expectSame(found, dynamics?.largeDeviations?.get(bath) ?? [], 1e-7);
  }
  expect(largeDeviations?.size).toBe(3);
});

test('in a potential on a wide window excitations that one bath brings another takes, and noise is its curvature', async () => {
  const device = { ...NEAR_REST, V: 0.7, V2: 0.2 };
  const h = 0.02;
  const fields = [-0.5, -2 * h, -h, h, 2 * h, 0.5];
  const request = { ...deviceOn(device, [-24, 24], 2), asked: asking(fields) };
  const found = await inLayers(request);
  const of = (bath: string) => found.dynamics?.largeDeviations?.get(bath) ?? [];
  expectSame(of('bath1'), [...of('bath2')].reverse(), 1e-6);
  for (const { name, quanta } of found.baths) {
    const [, b, a, c, d] = of(name).map(({ scgf }) => scgf);
    const curvature = (16 * (a + c) - (b + d)) / (12 * h * h);
    const slope = (8 * (c - a) - (d - b)) / (12 * h);
    const { mean, noise } = quanta ?? {};
    expect(curvature / (noise?.value ?? Number.NaN)).toBeCloseTo(1, 6);
    expect(Math.abs(slope - (mean?.value ?? Number.NaN))).toBeLessThan(
      1e-5 * (noise?.value ?? Number.NaN),
    );
    for (const { rate, error, chi } of of(name)) {
      expect(rate).toBeGreaterThan(-error);
      expect(chi).not.toBe(0);
    }
  }
  const wider = await deviations({
    ...deviceOn(device, [-26, 27], 1),
    asked: asking([0.5], [[{ kind: 'quanta', bath: 'load' }]]),
  });
  expectSame(wider.largeDeviations?.get('load') ?? [], of('load').slice(-1), 1e-4);
});
