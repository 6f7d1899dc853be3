/** The project's documents, as what there is to test in them: links, sentences, snippets. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import GithubSlugger from 'github-slugger';
import { lexer, type Token, type Tokens, walkTokens } from 'marked';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A fenced block. */
export interface Snippet {
  readonly language: string;
  readonly text: string;
  /** What a comment right before it says: `not run: WHY`, or `tested as: COMMAND`; empty without one. */
  readonly marker: string;
  /** The block of text that follows, with nothing in between: what it prints. */
  readonly output: string | null;
}

export interface Document {
  /** Relative to the project. */
  readonly path: string;
  readonly links: readonly string[];
  readonly anchors: ReadonlySet<string>;
  /** Sentences of prose, lists, tables and quotations. */
  readonly sentences: readonly string[];
  readonly snippets: readonly Snippet[];
  /** What stands in `code` between words. */
  readonly codes: readonly string[];
}

function plainText(tokens: readonly Token[]): string {
  return tokens
    .map((token) =>
      'tokens' in token && token.tokens !== undefined
        ? plainText(token.tokens)
        : token.type === 'html'
          ? ''
          : 'text' in token
            ? String(token.text)
            : ' ',
    )
    .join('');
}

/** Every part of a table, list or quotation that is prose of its own. */
function* proses(tokens: readonly Token[]): Generator<readonly Token[]> {
  for (const token of tokens) {
    if (token.type === 'paragraph' || token.type === 'text' || token.type === 'heading') {
      yield token.tokens ?? [token];
    } else if (token.type === 'list') {
      for (const { tokens } of (token as Tokens.List).items) yield* proses(tokens);
    } else if (token.type === 'blockquote') {
      yield* proses(token.tokens ?? []);
    } else if (token.type === 'table') {
      const { header, rows } = token as Tokens.Table;
      for (const row of [header, ...rows]) for (const { tokens } of row) yield tokens;
    }
  }
}

const sentencesOf = (text: string): string[] =>
  text
    .replaceAll(/\$\$[\s\S]*?\$\$/g, '')
    .split(/(?<=[.!?])\s+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');

const COMMENT = /^<!--\s*(.*?)\s*-->\s*$/s;

function snippetsOf(tokens: readonly Token[]): Snippet[] {
  const solid = tokens.filter(({ type }) => type !== 'space');
  return solid.flatMap((token, i) => {
    if (token.type !== 'code') return [];
    const [before, after] = [solid[i - 1], solid[i + 1]];
    const marker = before?.type === 'html' ? (COMMENT.exec(before.raw)?.[1] ?? '') : '';
    const output = after?.type === 'code' && after.lang === 'text' ? String(after.text) : null;
    return [{ language: String(token.lang ?? ''), text: String(token.text), marker, output }];
  });
}

function read(path: string): Document {
  // Formulas have underscores and backslashes that are none of Markdown's.
  const tokens = lexer(readFileSync(join(root, path), 'utf8'));
  const links: string[] = [];
  const anchors = new Set<string>();
  const codes: string[] = [];
  const slugger = new GithubSlugger();
  walkTokens(tokens, (token) => {
    if (token.type === 'link' || token.type === 'image') links.push(String(token.href));
    if (token.type === 'codespan') codes.push(String(token.text));
    if (token.type === 'heading') anchors.add(slugger.slug(plainText(token.tokens ?? [])));
    if (token.type !== 'html') return;
    for (const [, link] of token.raw.matchAll(/\b(?:src|href)="([^"]*)"/g)) links.push(link);
    for (const [, id] of token.raw.matchAll(/\b(?:id|name)="([^"]*)"/g)) anchors.add(id);
  });
  const sentences = [...proses(tokens)].flatMap((prose) => sentencesOf(plainText(prose)));
  return { path, links, anchors, sentences, snippets: snippetsOf(tokens), codes };
}

/** Folders of what is made or installed, whose documents are not the project’s. */
const OTHERS = /^(?:\..*|node_modules|dist|figures|results|coverage|reports|environment)$/;

function* documentsIn(folder: string): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !OTHERS.test(entry.name)) yield* documentsIn(path);
    if (entry.isFile() && entry.name.endsWith('.md')) yield path;
  }
}

/** Every document that the project has. */
export const documents: readonly Document[] = [...documentsIn('.')].sort().map(read);

const NUMBER = /[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?/g;
/** What a machine needs for it, and no other: seconds, and what is counted in them. */
const TIME = /^\s*(?:ms|s|min|points\/s)\b/;
const RELATIVE = 1e-6;
/** Below this numbers are rounding. */
const ROUNDING = 1e-10;

interface Piece {
  readonly words: string;
  readonly value: number;
  readonly isTime: boolean;
}

function pieces(line: string): { readonly numbers: Piece[]; readonly rest: string } {
  const squeezed = line.trim().replaceAll(/\s+/g, ' ');
  const numbers: Piece[] = [];
  let end = 0;
  for (const match of squeezed.matchAll(NUMBER)) {
    const words = squeezed.slice(end, match.index);
    end = match.index + match[0].length;
    numbers.push({ words, value: Number(match[0]), isTime: TIME.test(squeezed.slice(end)) });
  }
  return { numbers, rest: squeezed.slice(end) };
}

/** Whether two lines have the same words, and numbers that are the same up to rounding. */
function isSameLine(shown: string, printed: string): boolean {
  const [a, b] = [pieces(shown), pieces(printed)];
  if (a.rest !== b.rest || a.numbers.length !== b.numbers.length) return false;
  return a.numbers.every(({ words, value, isTime }, i) => {
    const other = b.numbers[i];
    if (words !== other.words) return false;
    const difference = Math.abs(value - other.value);
    const isRounding = Math.max(Math.abs(value), Math.abs(other.value)) < ROUNDING;
    return isTime || isRounding || difference <= RELATIVE * Math.abs(value);
  });
}

/** The first line of what a document shows that was not printed, in that order; `…` stands for any lines. */
export function missingLine(shown: string, printed: string): string | null {
  const lines = printed.split('\n');
  let from = 0;
  for (const line of shown.split('\n')) {
    if (line.trim() === '…' || line.trim() === '') continue;
    const at = lines.findIndex((other, i) => i >= from && isSameLine(line, other));
    if (at < 0) return line;
    from = at + 1;
  }
  return null;
}
