/**
 * A record of preparedMill.ts by its key, as text; null where there is none. There is none of any before a bundle has
 * them put in: vite.node.config.ts.
 */
export const preparedText = (_key: string): string | null => null;
