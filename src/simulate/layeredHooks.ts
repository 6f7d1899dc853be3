/** What is told while something is solved in layers, and how much memory there is. */
export interface LayeredFluctuationHooks {
  /** Called after every inner iteration with their number and what is left so far; a promise of false stops. */
  readonly onIteration?: (iterations: number, residual: number) => Promise<boolean>;
  /** Called while layers are factorised, with the share done; a promise of false stops. */
  readonly onFactorisation?: (share: number) => Promise<boolean>;
  /** Called after every step in time with the share done; a promise of false stops. */
  readonly onEvolution?: (share: number) => Promise<boolean>;
  /** Called while modes are looked for, with about the share done; a promise of false stops. */
  readonly onSearch?: (share: number) => Promise<boolean>;
  /** Bytes there are; what may take more is refused. */
  readonly memory?: number;
}
