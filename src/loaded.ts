/** A module that is loaded only where it will pay, and used from then on by what runs without waiting. */
export interface Loadable<Module> {
  /** Null as long as it is not loaded. */
  readonly module: Module | null;
  load(): Promise<void>;
}

export function loadable<Module>(load: () => Promise<Module>): Loadable<Module> {
  let module: Module | null = null;
  return {
    get module() {
      return module;
    },
    load: async () => {
      module ??= await load();
    },
  };
}
