/** Cosine and sine of the rotor's angle. */
import { type Operator, operator, scale, sum } from '../operators/operator.js';
import { perWindow, type Window } from '../operators/window.js';
import { identity } from './qubits.js';

/** cos φ = (e^{iφ} + e^{−iφ})/2. */
export const cosine: (window: Window) => Operator = perWindow((window) =>
  scale(operator(window, identity, { shift: 1 }, { shift: -1 }), 0.5),
);

/** sin φ = (e^{iφ} − e^{−iφ})/2i. */
export const sine: (window: Window) => Operator = perWindow((window) =>
  sum(
    window,
    scale(operator(window, identity, { shift: 1 }), { re: 0, im: -0.5 }),
    scale(operator(window, identity, { shift: -1 }), { re: 0, im: 0.5 }),
  ),
);
