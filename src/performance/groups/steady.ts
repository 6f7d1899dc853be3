/** Steady states of the zero-charge sector: the paper's own problem. */
import { loadKernels } from '../../lindblad/kernels.js';
import type { DeviceParameters } from '../../model/parameters.js';
import { truncation } from '../../model/parameters.js';
import type { Window } from '../../operators/window.js';
import { steadyObservables, steadyStateOn } from '../../simulate/steady.js';
import { measure } from '../measure.js';
import { admitted } from '../row.js';
import type { Measure } from '../study.js';
import { DEVICES, paperDevice, windowOf } from './devices.js';
import { firstAnswerRows, ORACLE, TOLERANCE } from './firstAnswer.js';
import { limitRow } from './limitRow.js';
import { steadyPeers } from './peerRow.js';

const TASK = 'steady state, V = 0';

const observe = (parameters: DeviceParameters, window: Window) => {
  const { lmin, lmax } = window;
  return steadyObservables(steadyStateOn(parameters, window), truncation({ lmin, lmax }));
};

export const measureSteady: Measure = async (settings) => {
  const { quick, effort, onRow } = settings;
  const parameters = paperDevice();
  // As in any process that has solved many devices.
  await loadKernels();
  for (const N of quick ? [31, 61] : [16, 31, 61, 128, 256, 512]) {
    const window = windowOf(N);
    // A different device each time, in every parameter: nothing may be remembered.
    const devices = Array.from({ length: DEVICES }, (_, k) => {
      const share = k / DEVICES;
      return paperDevice({
        beta1: 0.1 + 0.01 * share,
        beta2: 0.02 + 0.01 * share,
        betaR: 0.09 + 0.01 * share,
        B1: 4 + share,
        B2: 10 - share,
        g: 1 + 0.1 * share,
        chi: 0.1 * share,
        lambda: 0.1 + 0.01 * share,
        gamma: 5e-5 * (1 + share),
        I: 1 + 0.1 * share,
      });
    });
    let turn = 0;
    const next = () => devices[turn++ % devices.length];
    const { heat, rotor, firstLaw } = observe(parameters, window);
    const largestFlow = Math.max(...Object.values(heat).map(Math.abs));
    const seconds = await measure(() => observe(next(), window), effort);
    const { beta2 } = parameters;
    const shareOfLimit = limitRow(settings, {
      group: 'steady',
      task: 'the limit: a steady state, V = 0, ⟨L_z⟩, ⟨L_z²⟩ and the heat flows',
      question: {
        ...{ parameters, window, points: quick ? 100 : 1000, runs: effort.repetitions },
        beta2: { first: beta2, step: 1e-6 * beta2 },
      },
    });
    onRow(
      admitted({
        group: 'steady',
        task: TASK,
        solver: 'sector direct, every observable',
        N,
        error: Math.abs(firstLaw) / largestFlow,
        oracle: ORACLE,
        tolerance: TOLERANCE,
        seconds,
        shares: shareOfLimit(seconds),
      }),
    );
    firstAnswerRows(settings, {
      ...{ group: 'steady', task: TASK, solver: 'sector direct, every observable' },
      ...{ N, backend: 'cpu', processes: quick ? 3 : 7 },
    });
    if (N > 128) continue;
    steadyPeers(settings, parameters, {
      ...{ task: TASK, N, runs: quick ? 2 : 3, oracle: 'sector direct' },
      wanted: [rotor.Lz, Number(rotor.Lz2), heat.Q2],
    });
  }
};
