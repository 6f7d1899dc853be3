/**
 * Random devices are new in every run, but for the gate's: there a change must be judged by the change, and a
 * failure be the same for whoever repeats it. QMILL_SEED names another seed.
 */
import fc from 'fast-check';

const GATE_SEED = 20240214;

const { CI, QMILL_SEED } = process.env;
const seed = QMILL_SEED === undefined ? (CI === 'true' ? GATE_SEED : null) : Number(QMILL_SEED);
if (seed !== null) fc.configureGlobal({ seed });
