/** Turns of the event loop in long computations, so that timers, signals and messages are heard. */

/** Milliseconds of computing between two turns. */
const BREATH_MS = 50;

/** One turn, in Node and in browsers, where a timer would wait longer. */
export function breathe(): Promise<void> {
  return new Promise((resume) => {
    if (typeof setImmediate === 'function') {
      setImmediate(resume);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resume();
    };
    port2.postMessage(null);
  });
}

/** Takes a turn where the last one was long enough ago. */
export class Breath {
  private last = performance.now();

  /** @param every milliseconds between two turns */
  constructor(private readonly every = BREATH_MS) {}

  /** @returns whether there was a turn */
  async taken(): Promise<boolean> {
    if (performance.now() - this.last < this.every) return false;
    await breathe();
    this.last = performance.now();
    return true;
  }
}
