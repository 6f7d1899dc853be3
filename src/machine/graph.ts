/**
 * Straight-line float64 arithmetic as a graph, in which equal subexpressions are one node, and as WebAssembly of two
 * numbers side by side. Every operation is IEEE's, so that the code computes to the last bit what the same operations
 * do anywhere.
 */
import { call, f64, f64x2, i32, i64x2, importFunc, type Local, local, v128 } from 'wasmati';

/** A number, or a condition, by its place in the graph. */
export type Node = number;

type ArithmeticName =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'sqrt'
  | 'abs'
  | 'neg'
  | 'max'
  | 'pmax'
  | 'pmin';
type ConditionName = 'lt' | 'ge' | 'eq';

type Operation =
  | { readonly kind: 'constant'; readonly value: number }
  /** Twice the number at an address. */
  | { readonly kind: 'number'; readonly address: number }
  /** Two numbers at an address and the running offset. */
  | { readonly kind: 'running'; readonly address: number }
  | { readonly kind: 'lanes'; readonly name: ArithmeticName | ConditionName }
  | { readonly kind: 'or' }
  | { readonly kind: 'halfPower' }
  | { readonly kind: 'select' }
  | { readonly kind: 'import'; readonly name: string }
  /** Stored at an address, whatever the offset, and read again. */
  | { readonly kind: 'pause'; readonly address: number }
  /** To an address and the running offset; it has no value. */
  | { readonly kind: 'store'; readonly address: number }
  /** Added to the two numbers at an address, whatever the offset; it has no value. */
  | { readonly kind: 'accumulate'; readonly address: number };

const hasValue = ({ kind }: Operation): boolean => kind !== 'store' && kind !== 'accumulate';

interface Placed {
  readonly operation: Operation;
  readonly of: readonly Node[];
  /** Whether it is the same for all offsets. */
  readonly isSteady: boolean;
}

type FunctionElsewhere = ReturnType<typeof importFunc>;

export class Graph {
  readonly #nodes: Placed[] = [];
  readonly #known = new Map<string, Node>();
  readonly #imports = new Map<string, FunctionElsewhere>();

  /** @param between where a number may be while others come as far, in bytes; null where there is no such place */
  constructor(private readonly between: number | null = null) {}

  constant(value: number): Node {
    const key = `constant ${Object.is(value, -0) ? '-0' : value}`;
    return this.#node(key, { kind: 'constant', value });
  }

  /** The number at an address, in bytes. */
  number(address: number): Node {
    return this.#node(`number ${address}`, { kind: 'number', address });
  }

  /** The numbers at an address and a running offset, in bytes. */
  running(address: number): Node {
    return this.#node(`running ${address}`, { kind: 'running', address });
  }

  add = (a: Node, b: Node): Node => this.#lanes('add', a, b);
  subtract = (a: Node, b: Node): Node => this.#lanes('sub', a, b);
  multiply = (a: Node, b: Node): Node => this.#lanes('mul', a, b);
  divide = (a: Node, b: Node): Node => this.#lanes('div', a, b);
  max = (a: Node, b: Node): Node => this.#lanes('max', a, b);
  /** The larger of a number and one that is not 0, and the smaller: no number where the first is none. */
  noLess = (a: Node, least: number): Node => this.#lanes('pmax', a, this.constant(least));
  noMore = (a: Node, most: number): Node => this.#lanes('pmin', a, this.constant(most));
  squareRoot = (a: Node): Node => this.#lanes('sqrt', a);
  absolute = (a: Node): Node => this.#lanes('abs', this.#isNegated(a) ? this.#nodes[a].of[0] : a);
  negate = (a: Node): Node => this.#lanes('neg', a);
  less = (a: Node, b: Node): Node => this.#lanes('lt', a, b);
  atLeast = (a: Node, b: Node): Node => this.#lanes('ge', a, b);
  equal = (a: Node, b: Node): Node => this.#lanes('eq', a, b);
  or = (a: Node, b: Node): Node => this.#node(`or ${a} ${b}`, { kind: 'or' }, a, b);

  /** 2^(k − 1) of a whole number k from 0 to 1024 in the last bits of one of 1.5 · 2⁵². */
  halfPower = (a: Node): Node => this.#node(`halfPower ${a}`, { kind: 'halfPower' }, a);

  /** `a` where the condition holds, and else `b`; both are computed. */
  select(condition: Node, a: Node, b: Node): Node {
    return this.#node(`select ${condition} ${a} ${b}`, { kind: 'select' }, condition, a, b);
  }

  /**
   * The same number, after all others have come to their pauses: what waits for its own operations one after another
   * leaves the processor idle, unless others like it are near.
   */
  pause(a: Node): Node {
    const { between } = this;
    if (between === null || this.#nodes[a].isSteady) return a;
    return this.#node(`pause ${a}`, { kind: 'pause', address: between }, a);
  }

  /** A function that is called for each number by itself. */
  imported(
    name: string,
    compute: (...values: number[]) => number,
    first: Node,
    ...others: readonly Node[]
  ): Node {
    if (!this.#imports.has(name)) {
      const parameters = [f64, ...others.map(() => f64)] as const;
      this.#imports.set(name, importFunc({ in: [...parameters], out: [f64] }, compute));
    }
    const of = [first, ...others];
    return this.#node(`import ${name} ${of.join(' ')}`, { kind: 'import', name }, ...of);
  }

  /** Stores numbers at an address and the running offset. */
  store(address: number, value: Node): void {
    this.#nodes.push({ operation: { kind: 'store', address }, of: [value], isSteady: false });
  }

  /** Adds numbers of all offsets to the two at an address. */
  accumulate(address: number, value: Node): void {
    this.#nodes.push({ operation: { kind: 'accumulate', address }, of: [value], isSteady: false });
  }

  #isNegated(a: Node): boolean {
    const { operation } = this.#nodes[a];
    return operation.kind === 'lanes' && operation.name === 'neg';
  }

  #lanes(name: ArithmeticName | ConditionName, ...of: readonly Node[]): Node {
    return this.#node(`${name} ${of.join(' ')}`, { kind: 'lanes', name }, ...of);
  }

  #node(key: string, operation: Operation, ...of: readonly Node[]): Node {
    const found = this.#known.get(key);
    if (found !== undefined) return found;
    const isSteady = operation.kind !== 'running' && of.every((a) => this.#nodes[a].isSteady);
    this.#known.set(key, this.#nodes.length);
    this.#nodes.push({ operation, of, isSteady });
    return this.#nodes.length - 1;
  }

  /** The code of what is stored. */
  code(): GraphCode {
    return new GraphCode(this.#nodes, this.#imports);
  }
}

/** The bits of ½: its exponent, to which that of a power is added. */
const HALF = 1022n << 52n;

/** What is computed once, and what for each running offset. */
type Part = 'steady' | 'running';

/** A graph's nodes, each in a local, which is used again after what runs has read it last. */
export class GraphCode {
  readonly #order: readonly Node[];
  /** Of each node its local. */
  readonly #place: Int32Array;
  #count = 0;

  constructor(
    private readonly nodes: readonly Placed[],
    private readonly imports: ReadonlyMap<string, FunctionElsewhere>,
  ) {
    this.#order = this.#ordered();
    this.#place = this.#allocate();
  }

  /**
   * What is stored in its order, each after what it needs: nothing is computed long before it is used. Before that, what
   * comes to a first pause, then what comes to a second one, and so on.
   */
  #ordered(): Node[] {
    const stored = [...this.nodes.keys()].filter((n) => !hasValue(this.nodes[n].operation));
    const needed = this.#after(stored);
    const isPause = (n: Node) => this.nodes[n].operation.kind === 'pause';
    const pauses = new Int32Array(this.nodes.length);
    this.nodes.forEach(({ of }, n) => {
      pauses[n] = of.reduce((most, a) => Math.max(most, pauses[a]), 0) + Number(isPause(n));
    });
    const paused = needed.filter(isPause).sort((a, b) => pauses[a] - pauses[b]);
    return this.#after([...paused, ...stored]);
  }

  /** Nodes in their order, each after what it needs. */
  #after(nodes: readonly Node[]): Node[] {
    const order: Node[] = [];
    const isDone = new Uint8Array(this.nodes.length);
    const visit = (n: Node): void => {
      if (isDone[n] === 1) return;
      isDone[n] = 1;
      for (const a of this.nodes[n].of) visit(a);
      order.push(n);
    };
    for (const n of nodes) visit(n);
    return order;
  }

  #allocate(): Int32Array {
    const { nodes } = this;
    const place = new Int32Array(nodes.length).fill(-1);
    const last = new Int32Array(nodes.length);
    for (const n of this.#order) for (const a of nodes[n].of) last[a] = n;
    const free: number[] = [];
    for (const n of this.#order) {
      const { operation, of, isSteady } = nodes[n];
      if (!isSteady) {
        for (const a of new Set(of)) if (last[a] === n && !nodes[a].isSteady) free.push(place[a]);
      }
      if (!hasValue(operation)) continue;
      place[n] = (isSteady ? undefined : free.pop()) ?? this.#count++;
    }
    return place;
  }

  /** Whether nothing is stored. */
  get isEmpty(): boolean {
    return this.#order.length === 0;
  }

  /** The types of the locals that it needs. */
  get locals(): (typeof v128)[] {
    return Array.from({ length: this.#count }, () => v128);
  }

  /**
   * Writes a part of the code.
   * @param locals those asked for
   * @param offset the running one, in bytes
   */
  write(part: Part, locals: readonly Local<'v128'>[], offset: Local<'i32'>): void {
    for (const n of this.#order) {
      const { operation, isSteady } = this.nodes[n];
      if (isSteady !== (part === 'steady')) continue;
      this.#writeNode(n, locals, offset);
      if (hasValue(operation)) local.set(locals[this.#place[n]]);
    }
  }

  #writeNode(n: Node, locals: readonly Local<'v128'>[], offset: Local<'i32'>): void {
    const { operation, of } = this.nodes[n];
    const [first, second, third] = of.map((a) => locals[this.#place[a]]);
    switch (operation.kind) {
      case 'constant':
        v128.const('f64x2', [operation.value, operation.value]);
        return;
      case 'number':
        v128.load64_splat({ offset: operation.address }, i32.const(0));
        return;
      case 'running':
        v128.load({ offset: operation.address }, offset);
        return;
      case 'store':
        v128.store({ offset: operation.address }, offset, first);
        return;
      case 'accumulate':
        i32.const(0);
        f64x2.add(v128.load({ offset: operation.address }, i32.const(0)), first);
        v128.store({ offset: operation.address });
        return;
      case 'lanes':
        local.get(first);
        if (second !== undefined) local.get(second);
        f64x2[operation.name]();
        return;
      case 'or':
        v128.or(first, second);
        return;
      case 'halfPower':
        i64x2.shl(first, 52);
        v128.const('i64x2', [HALF, HALF]);
        i64x2.add();
        return;
      case 'select':
        v128.bitselect(second, third, first);
        return;
      case 'pause':
        v128.store({ offset: operation.address }, i32.const(0), first);
        v128.load({ offset: operation.address }, i32.const(0));
        return;
      case 'import':
        this.#writeImport(
          operation.name,
          of.map((a) => locals[this.#place[a]]),
        );
    }
  }

  #writeImport(name: string, of: readonly Local<'v128'>[]): void {
    const imported = this.imports.get(name);
    if (imported === undefined) throw new Error(`no function ${name}`);
    const one = (lane: 0 | 1) => {
      for (const a of of) f64x2.extract_lane(lane, a);
      call(imported);
    };
    one(0);
    f64x2.splat();
    one(1);
    f64x2.replace_lane(1);
  }
}
