/** The package has no types. Arrays begin at 1, as in Fortran. */
declare module 'quadprog' {
  interface Solved {
    readonly solution: number[];
    readonly Lagrangian: number[];
    /** Empty where there is a solution. */
    readonly message: string;
  }
  /** The smallest ½xᵀDx − dᵀx with Aᵀx ≥ b. */
  const quadprog: {
    solveQP(D: number[][], d: number[], A: number[][], b: number[]): Solved;
  };
  export default quadprog;
}
