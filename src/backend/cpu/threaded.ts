/**
 * The CPU backend on several threads of Node, for vectors that are worth it.
 *
 * Vectors lie in shared memory; a thread keeps the generators and factors that it was given, and is sent
 * the ranges that it has to do. (Pools of tasks hand each task to any thread, and have no place for what
 * all of them keep.) A message takes some 50 µs there and back, the shortest operation that is shared
 * out ten times that: messages will do, and the main thread never blocks.
 */
import { Worker } from 'node:worker_threads';
import { type Chains, chainsOf, SingularMatrixError } from '../../generator/chains.js';
import type { Space } from '../../generator/classes.js';
import type { Sector } from '../../generator/siteMatrix.js';
import type { Complex } from '../../operators/operator.js';
import type { Backend, LinearMap } from '../backend.js';
import { cpuBackend } from './backend.js';
import { roomForFactors } from './chains.js';
import { cuts, type Product, productOf } from './product.js';
import { Executor, type Operation, type Task } from './tasks.js';
import type { Answer } from './thread.js';
import { blocksOf, sumOfParts } from './vectors.js';

/** Complex numbers from which on two threads were measured to be faster than one. */
const WORTH_SHARING = 1 << 16;

const shared = (length: number): Float64Array =>
  new Float64Array(new SharedArrayBuffer(8 * length));

const sharedCopy = (data: Float64Array): Float64Array => {
  const copy = shared(data.length);
  copy.set(data);
  return copy;
};

const isShared = (x: Float64Array): boolean => x.buffer instanceof SharedArrayBuffer;

/** Other threads would change copies. */
function requireShared(...vectors: readonly Float64Array[]): void {
  if (!vectors.every(isShared)) throw new Error('a vector is not one that this backend made');
}

/** How many elements of a vector are in one of the sectors. */
function elementsOf({ classes }: Space, sectors: readonly Sector[]): number {
  let count = 0;
  for (const sector of sectors) for (const c of sector.classes) count += classes[c].length;
  return count;
}

/**
 * Threads that do the same operation, each on its range; the calling thread takes the first. The others
 * start with the first operation: small problems have none that is worth sharing.
 */
class Team {
  private readonly own = new Executor();
  private readonly workers: Worker[] = [];

  constructor(readonly size: number) {}

  /** Runs the operation on the ranges at[i] ≤ … < at[i + 1]. */
  async run(operation: Operation, at: readonly number[]): Promise<void> {
    this.start();
    const task = (i: number): Task => ({ operation, begin: at[i], end: at[i + 1] });
    const answers = this.workers.map((worker, i) => this.ask(worker, task(i + 1)));
    const results = Promise.allSettled(answers);
    try {
      this.own.run(task(0));
    } finally {
      await results;
    }
    for (const result of await results) {
      if (result.status === 'rejected') throw result.reason;
    }
  }

  /** Tells every thread the same. */
  tell(operation: Operation): Promise<void> {
    return this.run(operation, new Array<number>(this.size + 1).fill(0));
  }

  close(): void {
    for (const worker of this.workers) void worker.terminate();
  }

  private start(): void {
    while (this.workers.length < this.size - 1) {
      const worker = new Worker(new URL('./thread.js', import.meta.url));
      // A thread that waits keeps no program from ending.
      worker.unref();
      this.workers.push(worker);
    }
  }

  private async ask(worker: Worker, task: Task): Promise<void> {
    worker.ref();
    try {
      const answer = await new Promise<Answer>((resolve, reject) => {
        worker.removeAllListeners();
        worker.once('message', resolve).once('error', reject);
        worker.postMessage(task);
      });
      if (answer === null) return;
      if (answer.name === 'SingularMatrixError') throw new SingularMatrixError(answer.message);
      throw new Error(answer.message);
    } finally {
      worker.unref();
    }
  }
}

/** `count` things in `parts` ranges of about the same number. */
const evenly = (count: number, parts: number): number[] =>
  Array.from({ length: parts + 1 }, (_, i) => Math.round((i * count) / parts));

/** Chains in ranges of about as many sites. */
function bySites({ first }: Chains, parts: number): number[] {
  const chains = first.length - 1;
  const at = [0];
  for (let k = 0; k < chains && at.length < parts; k++) {
    if (first[k + 1] >= (at.length * first[chains]) / parts) at.push(k + 1);
  }
  while (at.length <= parts) at.push(chains);
  return at;
}

/**
 * @param threads 2 or more, the calling one included
 * @returns a backend whose numbers do not depend on how many threads there are. One operation is done
 * at a time: they are asked for one after the other, however many callers there are.
 */
export function threadedCpuBackend(threads: number): Backend<Float64Array> {
  const single = cpuBackend();
  const team = new Team(threads);
  let names = 0;
  let last: Promise<unknown> = Promise.resolve();
  /** After everything that was asked for before. */
  const next = <T>(run: () => Promise<T>): Promise<T> => {
    const result = last.then(run, run);
    last = result.catch(() => {});
    return result;
  };
  const room = (length: number): Float64Array =>
    length >= WORTH_SHARING ? shared(2 * length) : new Float64Array(2 * length);
  const keep = async (kept: Extract<Operation, { kind: 'keep' }>['kept']) => {
    const name = names++;
    await next(() => team.tell({ kind: 'keep', name, kept }));
    return { name, release: () => void next(() => team.tell({ kind: 'forget', name })) };
  };

  const prepare = async (product: Product): Promise<LinearMap<Float64Array>> => {
    const at = cuts(product, team.size);
    const { name, release } = await keep({ kind: 'product', product });
    return {
      apply: async (x, y) => {
        requireShared(x, y);
        await next(() => team.run({ kind: 'apply', name, x, y }, at));
      },
      release,
    };
  };

  /** A map of the main thread's own, in its turn. */
  const inTurn = (map: LinearMap<Float64Array>): LinearMap<Float64Array> => ({
    apply: (x, y) => next(() => map.apply(x, y)),
    release: () => map.release(),
  });

  const addMultiples = (
    coefficients: readonly Complex[],
    xs: readonly Float64Array[],
    y: Float64Array,
  ) =>
    next(() =>
      isShared(y)
        ? team.run({ kind: 'addMultiples', coefficients, xs, y }, evenly(blocksOf(y), team.size))
        : single.addMultiples(coefficients, xs, y),
    );

  const dots = (xs: readonly Float64Array[], y: Float64Array) =>
    next(async () => {
      if (!isShared(y)) return single.dots(xs, y);
      const blocks = blocksOf(y);
      const sums = shared(2 * blocks * xs.length);
      await team.run({ kind: 'dots', xs, y, sums }, evenly(blocks, team.size));
      return sumOfParts(sums, xs.length);
    });

  return {
    ...single,
    allocate: async (length) => room(length),
    upload: async (elements) => {
      const vector = room(elements.length / 2);
      vector.set(elements);
      return vector;
    },
    write: (elements, vector) => next(() => single.write(elements, vector)),
    download: (vector, count) => next(() => single.download(vector, count)),
    copy: (x, y) => next(() => single.copy(x, y)),
    scale: (a, x) => next(() => single.scale(a, x)),
    prepare: async (generator, of) =>
      generator.space.size < WORTH_SHARING
        ? inTurn(await single.prepare(generator, of))
        : prepare(await productOf(generator, of)),
    factorise: async (generator, sectors) => {
      // Vectors that hold fewer elements are in the main thread's own memory.
      if (elementsOf(generator.space, sectors) < WORTH_SHARING) {
        return inTurn(await single.factorise(generator, sectors));
      }
      const chains = chainsOf(generator, sectors);
      // Every thread reads what one copy holds.
      const inPlace = { ...chains, entries: sharedCopy(chains.entries) };
      const factors = roomForFactors(inPlace, shared);
      const { name, release } = await keep({ kind: 'chains', factors });
      const at = bySites(chains, team.size);
      await next(() => team.run({ kind: 'factorise', name }, at));
      return {
        apply: (x, y) =>
          next(async () => {
            requireShared(x, y);
            y.fill(0);
            await team.run({ kind: 'solve', name, x, y }, at);
          }),
        release,
      };
    },
    factoriseBand: async (band, onProgress) => inTurn(await single.factoriseBand(band, onProgress)),
    addMultiples,
    axpy: (a, x, y) => addMultiples([a], [x], y),
    dot: async (x, y) => (await dots([x], y))[0],
    dots,
    close: () => team.close(),
  };
}
