/** Loops of WebAssembly, and what its code has in common. */
import { br, i32, if_, type Local, local, loop } from 'wasmati';

export type Address = Local<'i32'>;

/** What a block takes and gives that takes and gives nothing. */
export const nothing: Parameters<typeof loop>[0] = { in: [], out: [] };

/** Runs the body with at, at + step, … as long as that is less than end. */
export function whileLess(
  at: Address,
  end: Address,
  step: Address | number,
  body: () => void,
): void {
  loop(nothing, (again) => {
    i32.lt_u(at, end);
    if_(nothing, () => {
      body();
      local.set(at, i32.add(at, step));
      br(again);
    });
  });
}
