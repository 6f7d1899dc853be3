/** A null vector by prepared code, as preparedElimination.ts has it: none before a bundle has put it in (vite.node.config.ts). */
export const preparedNullVector: typeof import('./preparedElimination.js').preparedNullVector =
  () => null;
