/**
 * Every worker of the page: what one does is told by its name. One entry for all of them, so that what
 * they share is loaded once.
 */

const roles = {
  solver: () => import('./solver/worker.js'),
  points: () => import('./map/worker.js'),
  fluctuations: () => import('./fluctuations/worker.js'),
  study: () => import('./studies/worker.js'),
  trajectories: () => import('./studies/trajectoryWorker.js'),
};
export type Role = keyof typeof roles;

/** What comes before the role is loaded. */
const early: MessageEvent[] = [];
const keep = (event: MessageEvent): void => {
  early.push(event);
};

async function begin(): Promise<void> {
  addEventListener('message', keep);
  await roles[self.name as Role]();
  removeEventListener('message', keep);
  for (const { data, ports } of early) {
    dispatchEvent(new MessageEvent('message', { data, ports: [...ports] }));
  }
}

// Uncaught, so that whoever started the worker hears of it.
begin().catch((error: unknown) => {
  setTimeout(() => {
    throw error;
  });
});
