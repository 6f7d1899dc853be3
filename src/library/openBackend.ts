/** A backend that is open. */
import type { BackendName } from '../backend/registry.js';

/** A backend that is open: to be handed to any number of runs, and closed after the last. */
export interface OpenBackend {
  readonly name: BackendName;
  /** The name of the GPU; null on the CPU. */
  readonly adapter: string | null;
  close(): void;
}
