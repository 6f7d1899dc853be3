/** A program of its own: one steady state in a fresh process, and the seconds that solving took (not the loading). */
import { truncation } from '../model/parameters.js';
import { steadyObservables, steadyStateOn } from '../simulate/steady.js';
import { paperDevice, windowOf } from './groups/devices.js';

const parameters = paperDevice();
const window = windowOf(Number(process.argv[2]));
const { lmin, lmax } = window;
const begin = performance.now();
const { heat, firstLaw } = steadyObservables(
  steadyStateOn(parameters, window),
  truncation({ lmin, lmax }),
);
const seconds = (performance.now() - begin) / 1e3;
const largestFlow = Math.max(...Object.values(heat).map(Math.abs));
process.stdout.write(JSON.stringify({ seconds, error: Math.abs(firstLaw) / largestFlow }));
