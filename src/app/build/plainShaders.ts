import type { Plugin } from 'vite';

/** A comment, with what stands before it on its line. */
const COMMENT = /[ \t]*\/\/.*$/gm;

/** The page's shaders without comments, a quarter of them. Lines keep their numbers. */
export const plainShaders = (): Plugin => ({
  name: 'plain-shaders',
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== 'asset' || !file.fileName.endsWith('.wgsl')) continue;
      const text =
        typeof file.source === 'string' ? file.source : new TextDecoder().decode(file.source);
      file.source = text.replace(COMMENT, '');
    }
  },
});
