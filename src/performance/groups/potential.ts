/** Steady states with a potential, which need the whole space or a band of it. */
import { cpuBackend } from '../../backend/cpu/backend.js';
import type { Method, SpaceName } from '../../simulate/methods.js';
import { solveSteadyOn } from '../../simulate/solveSteady.js';
import { SteadyReading } from '../../simulate/steadyReading.js';
import { measure } from '../measure.js';
import { admitted } from '../row.js';
import type { Measure } from '../study.js';
import { largestDifference, paperDevice, windowOf } from './devices.js';
import { steadyPeers } from './peerRow.js';

const TASK = 'steady state, V = 1';
const TOLERANCE = 1e-9;

interface Way {
  readonly space: SpaceName;
  readonly method: Method;
}

const WAYS: readonly Way[] = [
  { space: 'band', method: 'gmres' },
  { space: 'full', method: 'gmres' },
];

export const measurePotential: Measure = async (settings) => {
  const { quick, effort, onRow } = settings;
  const parameters = paperDevice({ V: 1 });
  const backend = cpuBackend();
  for (const N of quick ? [31, 61] : [16, 31, 61, 128, 256]) {
    const window = windowOf(N);
    const solve = async (way: Way) => {
      const { state } = await solveSteadyOn(parameters, window, way, backend);
      const { Lz, Lz2, heat } = new SteadyReading(state);
      return { numbers: [Lz, Lz2, heat.Q2], residual: state.residual };
    };
    // Of two ways to one answer each is held against the other.
    const found = new Map<Way, number[]>();
    for (const way of WAYS) found.set(way, (await solve(way)).numbers);
    for (const way of WAYS) {
      const others = WAYS.filter((other) => other !== way).map((other) => found.get(other) ?? []);
      const numbers = found.get(way) ?? [];
      onRow(
        admitted({
          group: 'steady',
          task: TASK,
          solver: `${way.space}, ${way.method}`,
          N,
          error: Math.max(...others.map((other) => largestDifference(numbers, other))),
          oracle: 'the other space: a band and the whole space must agree',
          tolerance: TOLERANCE,
          seconds: await measure(
            () => solve(way),
            N > 128 ? { seconds: 0, repetitions: 1 } : effort,
          ),
        }),
      );
    }
    if (N > (quick ? 31 : 61)) continue;
    const wanted = found.get(WAYS[1]) ?? [];
    steadyPeers(settings, parameters, { task: TASK, N, runs: 2, oracle: 'full, gmres', wanted });
  }
};
