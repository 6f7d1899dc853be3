/** Evolutions in the zero-charge sector, from thermal qubits and a rotor at rest. */
import { evolvedFromRest } from '../../figures/evolved.js';
import { truncation } from '../../model/parameters.js';
import { measure } from '../measure.js';
import { admitted } from '../row.js';
import type { Measure } from '../study.js';
import { largestDifference, paperDevice, windowOf } from './devices.js';
import { peerRow } from './peerRow.js';

const PARAMETERS = paperDevice();
/** Tolerances a step; the tightest is the oracle of the others. */
const STRICT = 1e-13;
const OURS = 1e-9;
const PEER_TOLERANCE = 1e-4;

async function evolve(N: number, times: readonly number[], rtol: number): Promise<number[]> {
  const { lmin, lmax } = windowOf(N);
  const tolerances = { rtol, atol: 1e-2 * rtol };
  const window = truncation({ lmin, lmax });
  const { snapshots } = await evolvedFromRest(PARAMETERS, window, times, () => {}, tolerances);
  return snapshots.flatMap(({ rotor }) => [rotor.Lz, rotor.Lz2]);
}

export const measureEvolve: Measure = async (settings) => {
  const { quick, effort, peers, onRow } = settings;
  const sizes = quick ? [61] : [16, 31, 61, 128, 256];
  const until = quick ? [2, 20_000] : [20, 20_000];
  for (const N of sizes) {
    for (const t of until) {
      const task = `evolution to t = ${t}`;
      const times = [t / 2, t];
      const wanted = await evolve(N, times, STRICT);
      const found = await evolve(N, times, OURS);
      onRow(
        admitted({
          group: 'evolve',
          task,
          solver: 'sector, rational steps',
          N,
          error: largestDifference(found, wanted),
          oracle: `the same with steps right to ${STRICT}`,
          tolerance: 1e-7,
          seconds: await measure(() => evolve(N, times, OURS), effort),
        }),
      );
      // QuTiP steps through every oscillation: the longer evolution would take it hours.
      if (peers.missing !== null || t !== until[0] || N > 61) continue;
      const { lmin, lmax } = windowOf(N);
      const request = { parameters: PARAMETERS, lmin, lmax, times, tolerance: 1e-8, runs: 1 };
      peerRow(settings, {
        group: 'evolve',
        task,
        N,
        request: { task: 'evolve', ...request },
        wanted,
        oracle: `ours with steps right to ${STRICT}`,
        tolerance: PEER_TOLERANCE,
      });
    }
  }
};
