/**
 * The y that makes ‖β e₁ − H y‖ least, for an upper Hessenberg matrix H that grows by one column after the other: by
 * Givens' rotations, as GMRES has it (Saad, Schultz 1986, doi:10.1137/0907058).
 */
export class HessenbergLeastSquares {
  readonly #columns: ArrayLike<number>[] = [];
  readonly #cosines: number[] = [];
  readonly #sines: number[] = [];
  readonly #g: number[];

  constructor(beta: number) {
    this.#g = [beta];
  }

  /** What is least so far. */
  get remainder(): number {
    return Math.abs(this.#g[this.#columns.length]);
  }

  /**
   * One column more.
   * @param column down to the diagonal, and overwritten
   * @param below what stands below the diagonal
   * @returns false where it is 0 by now, and not taken
   */
  add(column: Float64Array | number[], below: number): boolean {
    const j = this.#columns.length;
    for (let i = 0; i < j; i++) {
      const [cosine, sine, u] = [this.#cosines[i], this.#sines[i], column[i]];
      column[i] = cosine * u + sine * column[i + 1];
      column[i + 1] = cosine * column[i + 1] - sine * u;
    }
    const hypotenuse = Math.hypot(column[j], below);
    if (hypotenuse === 0) return false;
    const sine = below / hypotenuse;
    this.#cosines.push(column[j] / hypotenuse);
    this.#sines.push(sine);
    column[j] = hypotenuse;
    this.#columns.push(column);
    this.#g.push(-sine * this.#g[j]);
    this.#g[j] *= this.#cosines[j];
    return true;
  }

  solution(): number[] {
    const columns = this.#columns;
    const y = this.#g.slice(0, columns.length);
    for (let j = columns.length - 1; j >= 0; j--) {
      y[j] /= columns[j][j];
      for (let i = 0; i < j; i++) y[i] -= columns[j][i] * y[j];
    }
    return y;
  }
}
