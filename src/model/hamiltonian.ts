/** The rotor's angular momentum. */
import { type Operator, operator } from '../operators/operator.js';
import { perWindow, type Window } from '../operators/window.js';
import { identity } from './qubits.js';

/** L_z². */
export const angularMomentumSquared: (window: Window) => Operator = perWindow((window) =>
  operator(window, identity, { shift: 0, f: (l) => l * l }),
);

/** L_z. */
export const angularMomentum: (window: Window) => Operator = perWindow((window) =>
  operator(window, identity, { shift: 0, f: (l) => l }),
);
