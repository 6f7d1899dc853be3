import { describe, expect, test } from 'vitest';
import { type DeviceInput, deviceParameters, truncation } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { steadyObservables, steadyStateOn } from '../../src/simulate/steady.js';
import {
  Dense,
  globalChannels,
  hamiltonians,
  hermitianEigenvalues,
  localChannels,
  type Numbers,
  operators,
} from '../support/dense.js';
import { denseState } from '../support/generators.js';
import { denseSteadyState } from '../support/nullSpace.js';

const figure2: Numbers = {
  beta1: 0.1,
  beta2: 0.03,
  betaR: 0.4,
  B1: 1,
  B2: 1.5,
  g: 1,
  chi: 0.2,
  lambda: 0.4,
  gamma: 0.05,
  I: 1,
  V: 0,
};
const inverted: Numbers = { ...figure2, B1: 1, B2: 3, beta1: 1.5, beta2: 0.05, lambda: 0.8 };

/** Tr[AB]. */
const overlap = (a: Dense, b: Dense): number => a.dot(b).trace()[0];

/** Eq. (35) by dense eigenvalues. */
function ergotropy(h: Dense, rho: Dense): number {
  const levels = hermitianEigenvalues(h);
  const populations = hermitianEigenvalues(rho).reverse();
  return overlap(h, rho) - levels.reduce((sum, level, i) => sum + level * populations[i], 0);
}

function partial(rho: Dense, size: number, keep: 'qubits' | 'rotor'): Dense {
  const n = keep === 'qubits' ? 4 : size;
  const other = keep === 'qubits' ? size : 4;
  return Dense.from(n, (i, j) => {
    let re = 0;
    let im = 0;
    for (let k = 0; k < other; k++) {
      const row = keep === 'qubits' ? i * size + k : k * size + i;
      const column = keep === 'qubits' ? j * size + k : k * size + j;
      re += rho.re[row * 4 * size + column];
      im += rho.im[row * 4 * size + column];
    }
    return [re, im];
  });
}

describe.each([
  ['local', figure2],
  ['local', inverted],
  ['global', figure2],
  ['global', inverted],
] as const)(
  'the sector’s steady state is the whole space’s, every observable to 1e-11: %s',
  (model, values) => {
    const [lmin, lmax] = [-1, 2];
    const size = lmax - lmin + 1;
    const channels = (model === 'local' ? localChannels : globalChannels)(values, lmin, lmax);
    const rho = denseSteadyState(channels.total);
    const { V: _, ...device } = values;
    const state = steadyStateOn(
      deviceParameters({
        ...device,
        model,
        ...(model === 'global' ? { cutoff: 'max-bohr' } : {}),
      } as DeviceInput),
      rotorWindow(lmin, lmax),
    );
    const o = steadyObservables(state, truncation({ lmin, lmax }));
    const h = hamiltonians(values, lmin, lmax);
    const { Lz, cos, sin } = operators(lmin, lmax);
    const rate = (x: Dense, channel: Dense) =>
      overlap(x, Dense.ofVector(channel.apply(rho.vector())));
    const near = (found: number, wanted: number) =>
      expect(Math.abs(found - wanted)).toBeLessThan(1e-11);

    test('ρ, element by element', () => {
      const found = denseState(state.rho.space, state.rho.elements);
      expect(found.plus(rho, -1).max()).toBeLessThan(1e-12);
    });

    test('heat', () => {
      const free = h.qubit1.plus(h.qubit2).plus(h.kinetic);
      const energy = model === 'local' ? free : h.total;
      near(o.heat.Q1, rate(energy, channels.bath1));
      near(o.heat.Q2, rate(energy, channels.bath2));
      near(o.heat.Qr, rate(free, channels.load));
      expect(Math.abs(o.heat.Q2)).toBeGreaterThan(1e-4);
    });

    test('work and the first law', () => {
      const given = rate(h.interaction, channels.bath1) + rate(h.interaction, channels.bath2);
      near(o.work.interaction, given);
      near(o.work.WQ, model === 'local' ? given : 0);
      near(o.work.Wr, rate(h.interaction, channels.load));
      near(o.firstLaw, 0);
      near(o.firstLawWithoutWr, o.work.Wr);
    });

    test('rotor, qubits and power', () => {
      near(o.rotor.Lz, overlap(Lz, rho));
      near(Number(o.rotor.Lz2), overlap(Lz.dot(Lz), rho));
      near(o.rotor.cos, overlap(cos, rho));
      near(o.rotor.sin, overlap(sin, rho));
      const rotor = partial(rho, size, 'rotor');
      o.rotor.populations.forEach((p, i) => {
        near(p, rotor.re[i * size + i]);
      });
      const qubits = partial(rho, size, 'qubits');
      o.qubits.populations.forEach((p, s) => {
        near(p, qubits.re[s * 4 + s]);
      });
      near(o.power.intrinsic, rate(h.kinetic, channels.hamiltonian));
      near(o.power.kinetic, 0);
      near(
        o.power.backAction,
        rate(h.kinetic, channels.bath1) +
          rate(h.kinetic, channels.bath2) +
          rate(h.kinetic, channels.load),
      );
    });

    test('ergotropies', () => {
      near(o.ergotropy.total, ergotropy(h.total, rho));
      const qubitHamiltonian = Dense.from(4, (i, j) =>
        i === j ? (i >= 2 ? values.B1 : -values.B1) + (i % 2 ? values.B2 : -values.B2) : 0,
      );
      near(o.ergotropy.qubits, ergotropy(qubitHamiltonian, partial(rho, size, 'qubits')));
      const rotorHamiltonian = Dense.from(size, (i, j) =>
        i === j ? (lmin + i) ** 2 / (2 * values.I) : 0,
      );
      near(o.ergotropy.rotor, ergotropy(rotorHamiltonian, partial(rho, size, 'rotor')));
      expect(o.ergotropy.total).toBeGreaterThan(1e-3);
    });
  },
);
