/**
 * A program of its own: one steady state in a fresh process, and the seconds that it took: on the CPU of solving (not the
 * loading), on a GPU since the process began, with the device opened and kernels compiled. Code is kept between
 * processes, as `qmill` keeps it.
 */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keepCode } from '../storage/codeCache.js';

keepCode(dirname(fileURLToPath(new URL('./coldSteady.js', import.meta.url))), 'bench');
void import('./firstSteady.js').then(async ({ firstSteady }) => {
  process.stdout.write(JSON.stringify(await firstSteady(process.argv.slice(2))));
});
