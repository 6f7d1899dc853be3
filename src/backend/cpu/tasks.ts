/** What the CPU backend's threads do: each a range of one operation on memory that all of them see. */
import type { Complex } from '../../operators/operator.js';
import { ProductRoom } from './applyProduct.js';
import { type FactorisedChains, factoriseRange, solveRange } from './chains.js';
import type { Product } from './product.js';
import { addMultiples, partialDots } from './vectors.js';

/** What stays in the threads from one operation to the next, by number. */
export type Kept =
  | { readonly kind: 'product'; readonly product: Product }
  | { readonly kind: 'chains'; readonly factors: FactorisedChains };

export type Operation =
  | { readonly kind: 'keep'; readonly name: number; readonly kept: Kept }
  | { readonly kind: 'forget'; readonly name: number }
  | {
      readonly kind: 'apply' | 'solve';
      readonly name: number;
      readonly x: Float64Array;
      readonly y: Float64Array;
    }
  | { readonly kind: 'factorise'; readonly name: number }
  | {
      readonly kind: 'addMultiples';
      readonly coefficients: readonly Complex[];
      readonly xs: readonly Float64Array[];
      readonly y: Float64Array;
    }
  | {
      readonly kind: 'dots';
      readonly xs: readonly Float64Array[];
      readonly y: Float64Array;
      readonly sums: Float64Array;
    };

export interface Task {
  readonly operation: Operation;
  readonly begin: number;
  readonly end: number;
}

/** Does its tasks one after the other. */
export class Executor {
  private readonly kept = new Map<number, Kept>();
  private readonly room = new ProductRoom();

  run({ operation, begin, end }: Task): void {
    switch (operation.kind) {
      case 'keep':
        this.kept.set(operation.name, operation.kept);
        break;
      case 'forget':
        this.kept.delete(operation.name);
        break;
      case 'apply':
        this.room.apply(this.product(operation.name), operation.x, operation.y, begin, end);
        break;
      case 'factorise':
        factoriseRange(this.factors(operation.name), begin, end);
        break;
      case 'solve':
        solveRange(this.factors(operation.name), operation.x, operation.y, begin, end);
        break;
      case 'addMultiples':
        addMultiples(operation.coefficients, operation.xs, operation.y, begin, end);
        break;
      case 'dots':
        partialDots(operation.xs, operation.y, operation.sums, begin, end);
        break;
    }
  }

  private product(name: number): Product {
    const kept = this.kept.get(name);
    if (kept?.kind !== 'product') throw new Error(`no generator is kept under ${name}`);
    return kept.product;
  }

  private factors(name: number): FactorisedChains {
    const kept = this.kept.get(name);
    if (kept?.kind !== 'chains') throw new Error(`no chains are kept under ${name}`);
    return kept.factors;
  }
}
