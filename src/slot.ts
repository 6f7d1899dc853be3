/** Room for a module that is loaded only where it pays, and used from then on by what runs without waiting. */
export interface Slot<Module> {
  /** Null as long as it is not loaded. */
  module: Module | null;
}

export const emptySlot = <Module>(): Slot<Module> => ({ module: null });

/** Code that a module writes once there were many runs without it: to write it takes as long as many of them. */
export class CodeForMany<Module, Code> {
  #code: Code | null = null;
  #without = 0;

  /** @param many runs without it, counted from when the module is there */
  constructor(
    private readonly slot: Slot<Module>,
    private readonly many: number,
    private readonly write: (module: Module) => Code,
  ) {}

  /** For the next run; null where that does without. */
  next(): Code | null {
    const { module } = this.slot;
    if (this.#code === null && module !== null && ++this.#without > this.many) {
      this.#code = this.write(module);
    }
    return this.#code;
  }
}
