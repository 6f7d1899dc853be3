/** A thread that does its ranges of the CPU backend's operations. */
import { parentPort } from 'node:worker_threads';
import { Executor, type Task } from './tasks.js';

/** What a thread answers: nothing, or what went wrong. */
export type Answer = null | { readonly name: string; readonly message: string };

if (parentPort === null) throw new Error('this module is the entry of a worker thread');
const port = parentPort;
const executor = new Executor();
port.on('message', (task: Task) => {
  let answer: Answer = null;
  try {
    executor.run(task);
  } catch (error) {
    const { name, message } = error as Error;
    answer = { name, message };
  }
  port.postMessage(answer);
});
