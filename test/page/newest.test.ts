import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { aborted, type Job, Newest, type Work } from '../../src/app/state/newest.js';

interface Run {
  readonly request: string;
  readonly job: Job<string>;
  readonly resolve: (result: string | null) => void;
  readonly reject: (error: Error) => void;
}

/** Work that ends when the test says so. */
function controlled(options: Partial<Work<string, string>> = {}) {
  const runs: Run[] = [];
  const newest = new Newest<string, string>({
    run: (request, job) =>
      new Promise((resolve, reject) => runs.push({ request, job, resolve, reject })),
    ...options,
  });
  return { runs, newest };
}

const turns = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the newest request', () => {
  test('begins at once, and the same twice is one', async () => {
    const { runs, newest } = controlled();
    newest.ask('a');
    newest.ask('a');
    expect(newest.turn.value).toEqual({ state: 'running' });
    runs[0].resolve('A');
    await turns();
    newest.ask('a');
    expect(runs).toHaveLength(1);
    expect(newest.answer.value).toEqual({ request: 'a', result: 'A', complete: true });
    expect(newest.current.value).toBe(true);
    expect(newest.turn.value).toEqual({ state: 'done' });
  });

  test('aborts the one under way, begins when that has ended, and replaces one that waits', async () => {
    const { runs, newest } = controlled();
    newest.ask('a');
    newest.ask('b');
    newest.ask('c');
    expect(runs).toHaveLength(1);
    expect(runs[0].job.signal.aborted).toBe(true);
    runs[0].resolve(null);
    await turns();
    expect(runs.map(({ request }) => request)).toEqual(['a', 'c']);
  });

  test('waits for more changes, but not the first', async () => {
    const { runs, newest } = controlled({ settle: 100 });
    newest.ask('a');
    expect(runs).toHaveLength(1);
    runs[0].resolve('A');
    await turns();
    newest.ask('b');
    await vi.advanceTimersByTimeAsync(60);
    newest.ask('c');
    await vi.advanceTimersByTimeAsync(60);
    expect(runs).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(60);
    expect(runs.map(({ request }) => request)).toEqual(['a', 'c']);
  });

  test('waits as long as the request says', async () => {
    const { runs, newest } = controlled({ settle: (request) => (request === 'long' ? 100 : 0) });
    newest.ask('a');
    runs[0].resolve('A');
    await turns();
    newest.ask('b');
    expect(runs).toHaveLength(2);
    runs[1].resolve('B');
    await turns();
    newest.ask('long');
    await vi.advanceTimersByTimeAsync(60);
    expect(runs).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(60);
    expect(runs[2].request).toBe('long');
  });

  test('has its answer at once where that is still there', async () => {
    const { runs, newest } = controlled({ settle: 100 });
    newest.ask('a');
    runs[0].resolve('A');
    await turns();
    newest.ask('b');
    expect(newest.current.value).toBe(false);
    newest.ask('a');
    expect(newest.current.value).toBe(true);
    await vi.advanceTimersByTimeAsync(1000);
    expect(runs).toHaveLength(1);
  });
});

describe('an answer', () => {
  test('is never taken for that of another request: left within the wait, and come back', async () => {
    const { runs, newest } = controlled({ settle: 120 });
    newest.ask('chi = 0');
    runs[0].resolve('map of 0');
    await turns();
    newest.ask('chi = 0.6');
    newest.leave();
    await vi.advanceTimersByTimeAsync(1000);
    newest.ask('chi = 0.6');
    expect(newest.current.value).toBe(false);
    expect(runs.map(({ request }) => request)).toEqual(['chi = 0', 'chi = 0.6']);
    runs[1].resolve('map of 0.6');
    await turns();
    expect(newest.answer.value?.result).toBe('map of 0.6');
    expect(newest.current.value).toBe(true);
  });

  test('that comes late is shown as what it is, but does not replace the one that is wanted', async () => {
    const { runs, newest } = controlled();
    newest.ask('a');
    newest.ask('b');
    runs[0].resolve('A');
    await turns();
    expect(newest.answer.value?.request).toBe('a');
    expect(newest.current.value).toBe(false);
    expect(newest.turn.value).toEqual({ state: 'running' });
    runs[1].resolve('B');
    await turns();
    newest.ask('c');
    newest.ask('b');
    runs[2].resolve('C');
    await turns();
    expect(newest.answer.value?.request).toBe('b');
  });

  test('in parts is complete at the end; parts of a superseded one are dropped', async () => {
    const { runs, newest } = controlled();
    newest.ask('a');
    runs[0].job.show('half of A');
    expect(newest.answer.value).toMatchObject({ result: 'half of A', complete: false });
    newest.leave();
    runs[0].job.show('more of A');
    runs[0].resolve(null);
    await turns();
    newest.ask('a');
    expect(newest.answer.value?.result).toBe('half of A');
    expect(runs).toHaveLength(2);
  });

  test('in parts moves on while requests come faster than answers', async () => {
    const { runs, newest } = controlled();
    newest.ask('a');
    newest.ask('b');
    runs[0].job.show('first look at A');
    expect(newest.answer.value).toEqual({
      request: 'a',
      result: 'first look at A',
      complete: false,
    });
    expect(newest.current.value).toBe(false);
    runs[0].resolve(null);
    await turns();
    runs[1].resolve('B');
    await turns();
    newest.ask('c');
    newest.ask('b');
    runs[2].job.show('first look at C');
    expect(newest.answer.value?.result).toBe('B');
    newest.ask('a');
    runs[2].resolve(null);
    await turns();
    // A first look is no answer.
    expect(runs.map(({ request }) => request)).toEqual(['a', 'b', 'c', 'a']);
  });

  test('is the same for requests of the same identity', async () => {
    const { runs, newest } = controlled({ identity: (request) => request.toLowerCase() });
    newest.ask('a');
    runs[0].resolve('A');
    await turns();
    newest.ask('A');
    expect(runs).toHaveLength(1);
    expect(newest.current.value).toBe(true);
  });
});

test('a failure is told, takes the old answer away, and is not tried again by itself', async () => {
  const { runs, newest } = controlled();
  newest.ask('a');
  runs[0].resolve('A');
  await turns();
  newest.ask('b');
  runs[1].reject(new Error('no'));
  await turns();
  expect(newest.turn.value).toEqual({ state: 'failed', why: 'no' });
  expect(newest.answer.value).toBeNull();
  newest.ask('b');
  expect(runs).toHaveLength(2);
  newest.again('b');
  expect(runs).toHaveLength(3);
});

test('one that failed after it was superseded is not told', async () => {
  const { runs, newest } = controlled();
  newest.ask('a');
  newest.ask('b');
  runs[0].reject(new Error('no'));
  await turns();
  expect(newest.turn.value).toEqual({ state: 'running' });
});

test('what the reader cancels stays so until it is asked for anew', async () => {
  const { runs, newest } = controlled({
    run: (_, { signal }) => aborted(signal),
  });
  newest.ask('a');
  newest.cancel();
  await turns();
  expect(newest.turn.value).toEqual({ state: 'cancelled' });
  newest.ask('a');
  expect(newest.turn.value).toEqual({ state: 'cancelled' });
  newest.again('a');
  expect(newest.turn.value).toEqual({ state: 'running' });
  expect(runs).toHaveLength(0);
});

test('progress is of what is under way', async () => {
  const { runs, newest } = controlled();
  newest.ask('a');
  runs[0].job.report(7);
  expect(newest.done.value).toBe(7);
  newest.ask('b');
  runs[0].job.report(8);
  runs[0].resolve(null);
  await turns();
  expect(newest.done.value).toBe(0);
});

test('whatever is asked, left and answered in whatever order, "done" is of what was asked last', async () => {
  const step = fc.oneof(
    fc.record({ what: fc.constant('ask' as const), request: fc.constantFrom('a', 'b', 'c') }),
    fc.record({ what: fc.constantFrom('leave' as const, 'cancel' as const) }),
    fc.record({
      what: fc.constant('wait' as const),
      milliseconds: fc.integer({ min: 0, max: 50 }),
    }),
    fc.record({ what: fc.constant('answer' as const), given: fc.boolean() }),
    fc.record({ what: fc.constant('part' as const) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.boolean(), async (steps, settles) => {
      const { runs, newest } = controlled(settles ? { settle: 20 } : {});
      let wanted: string | null = null;
      let answered = 0;
      const check = () => {
        const answer = newest.answer.value;
        if (answer !== null) expect(answer.result).toBe(answer.request.toUpperCase());
        expect(newest.current.value).toBe(answer !== null && answer.request === wanted);
        if (newest.turn.value.state === 'done') {
          expect(answer).toMatchObject({ request: wanted, complete: true });
        }
      };
      const end = async (given: boolean) => {
        if (answered === runs.length) return;
        const { request, job, resolve } = runs[answered++];
        resolve(given || !job.signal.aborted ? request.toUpperCase() : null);
        await turns();
      };
      for (const s of steps) {
        if (s.what === 'ask') {
          wanted = s.request;
          newest.ask(s.request);
        } else if (s.what === 'leave') {
          wanted = null;
          newest.leave();
        } else if (s.what === 'cancel') newest.cancel();
        else if (s.what === 'wait') await vi.advanceTimersByTimeAsync(s.milliseconds);
        else if (s.what === 'answer') await end(s.given);
        else if (answered < runs.length) {
          const { request, job } = runs[answered];
          job.show(request.toUpperCase());
        }
        check();
      }
      // Everything ends, and what was asked last is there.
      newest.ask('z');
      wanted = 'z';
      for (let i = 0; i < 3; i++) {
        await vi.advanceTimersByTimeAsync(50);
        await end(false);
      }
      check();
      expect(newest.turn.value).toEqual({ state: 'done' });
    }),
  );
});
