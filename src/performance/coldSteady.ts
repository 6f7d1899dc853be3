/**
 * A program of its own: one steady state in a fresh process, and the seconds that it took: on the CPU of solving (not the
 * loading), on a GPU since the process began, with the device opened and kernels compiled.
 */
import { type DeviceParameters, truncation } from '../model/parameters.js';
import { type SteadyObservables, steadyObservables, steadyStateOn } from '../simulate/steady.js';
import { paperDevice, windowOf } from './groups/devices.js';

const [size, backend, changes] = process.argv.slice(2);
const parameters = paperDevice(JSON.parse(changes) as Partial<DeviceParameters>);
const window = windowOf(Number(size));
const { lmin, lmax } = window;
const given = truncation({ lmin, lmax });

async function onGpu(): Promise<{ found: SteadyObservables; adapter: string | null }> {
  const { Engine } = await import('../library/engine.js');
  const { solveRequested } = await import('../library/solvedSteady.js');
  const { steadyRoute } = await import('../simulate/route.js');
  const unasked = { space: 'auto', dmax: 'auto', method: 'auto' } as const;
  const solver = { ...unasked, backend: 'webgpu', precision: 'f64' } as const;
  const route = steadyRoute(parameters, given, solver);
  const engine = await Engine.open(route.backend, 1);
  const { state } = await solveRequested({ parameters, truncation: given, solver }, route, engine);
  const found = steadyObservables(state, given);
  engine.close();
  return { found, adapter: engine.adapter };
}

const begin = backend === 'cpu' ? performance.now() : 0;
const { found, adapter } =
  backend === 'cpu'
    ? { found: steadyObservables(steadyStateOn(parameters, window), given), adapter: null }
    : await onGpu();
const seconds = (performance.now() - begin) / 1e3;
const { heat, firstLaw } = found;
const largestFlow = Math.max(...Object.values(heat).map(Math.abs));
process.stdout.write(JSON.stringify({ seconds, adapter, error: Math.abs(firstLaw) / largestFlow }));
