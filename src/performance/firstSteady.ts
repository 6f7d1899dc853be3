/** One steady state, the first of its process, and the seconds that it takes, as coldSteady.ts writes them. */
import { type DeviceParameters, truncation } from '../model/parameters.js';
import { type SteadyObservables, steadyObservables, steadyStateOn } from '../simulate/steady.js';
import { paperDevice, windowOf } from './groups/devices.js';

export interface FirstSteady {
  readonly seconds: number;
  readonly adapter: string | null;
  /** Of the first law, relative to the largest flow. */
  readonly error: number;
}

interface Found {
  readonly found: SteadyObservables;
  readonly adapter: string | null;
}

/** @param argv how many levels, on which backend, and what differs from the paper's device, as JSON */
export async function firstSteady(argv: readonly string[]): Promise<FirstSteady> {
  const [size, backend, changes] = argv;
  const parameters = paperDevice(JSON.parse(changes) as Partial<DeviceParameters>);
  const window = windowOf(Number(size));
  const { lmin, lmax } = window;
  const given = truncation({ lmin, lmax });
  const onGpu = async (): Promise<Found> => {
    const { Engine } = await import('../library/engine.js');
    const { solveRequested } = await import('../library/solvedSteady.js');
    const { steadyRoute } = await import('../simulate/route.js');
    const unasked = { space: 'auto', dmax: 'auto', method: 'auto' } as const;
    const solver = { ...unasked, backend: 'webgpu', precision: 'f64' } as const;
    const route = steadyRoute(parameters, given, solver);
    const engine = await Engine.open(route.backend, 1);
    const { state } = await solveRequested(
      { parameters, truncation: given, solver },
      route,
      engine,
    );
    const found = steadyObservables(state, given);
    engine.close();
    return { found, adapter: engine.adapter };
  };
  const begin = backend === 'cpu' ? performance.now() : 0;
  const { found, adapter } =
    backend === 'cpu'
      ? { found: steadyObservables(steadyStateOn(parameters, window), given), adapter: null }
      : await onGpu();
  const seconds = (performance.now() - begin) / 1e3;
  const { heat, firstLaw } = found;
  const largestFlow = Math.max(...Object.values(heat).map(Math.abs));
  return { seconds, adapter, error: Math.abs(firstLaw) / largestFlow };
}
