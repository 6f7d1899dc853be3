/** Code that was written when this was bundled, by its key; null where there is none: vite.node.config.ts. */
export const preparedCode = (_key: string): Uint8Array<ArrayBuffer> | null => null;
