/** Room for a module that is loaded only where it pays, and used from then on by what runs without waiting. */
export interface Slot<Module> {
  /** Null as long as it is not loaded. */
  module: Module | null;
}

export const emptySlot = <Module>(): Slot<Module> => ({ module: null });
