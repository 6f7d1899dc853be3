/** The same random devices for every mutant, and no search for a smaller one that fails: that it fails is enough. */
import fc from 'fast-check';

fc.configureGlobal({ seed: 20240214, endOnFailure: true });
