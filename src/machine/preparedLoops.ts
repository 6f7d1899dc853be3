/** Loops that are prepared, as tableLoops.ts has them: none before a bundle has put them in (vite.node.config.ts). */
export const preparedLoops: typeof import('./tableLoops.js').preparedLoops = () => null;
