/** What is wrong, told at once to those who listen. */
import type { ComponentChildren } from 'preact';
import type { Newest } from '../state/newest.js';
import { minus } from './format.js';

export const Warning = ({ children }: { readonly children: ComponentChildren }) => (
  <p class="warning" role="alert">
    {children}
  </p>
);

/** Why something that is computed failed; nothing where it did not. */
export function Failure({ of }: { readonly of: Pick<Newest<unknown, unknown>, 'turn'> }) {
  const turn = of.turn.value;
  return turn.state === 'failed' ? <Warning>{turn.why}</Warning> : null;
}

/** Why numbers are not to be trusted. */
export const NotConverged = ({ problems }: { readonly problems: readonly string[] }) => (
  <>
    {problems.map((problem) => (
      <Warning key={problem}>Not converged: {minus(problem)}</Warning>
    ))}
  </>
);
