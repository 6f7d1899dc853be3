/** Files of a folder over HTTP, out of memory: nothing that a request says leads to the disk. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join, sep } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { lookup } from 'mrmime';

/**
 * Nothing from elsewhere, no code out of strings, no styles in attributes. WebAssembly solves some devices;
 * pictures are made on the page itself.
 */
const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Of the documents, whose generator writes small scripts into its pages, and packs its index into data. */
const DOCUMENTS = '/docs/';
const DOCUMENTS_POLICY = POLICY.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")
  .replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
  .replace("connect-src 'self'", "connect-src 'self' data:");

const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Accept-Ranges': 'none',
};

const ENCODINGS = ['br', 'gzip'] as const;
type Encoding = (typeof ENCODINGS)[number] | 'identity';

/** What is not compressed already, and of which a compressed copy is worth its time. */
const COMPRESSIBLE = /^(text\/|application\/(javascript|json|wasm)|image\/svg)/;
const SMALLEST = 1024;
/** The best but two: a tenth of the best one's time. */
const BROTLI_QUALITY = 9;

/** Names with a hash of what is in them never change. */
const IS_HASHED = /-[\w-]{8,}\.\w+$/;

class StaticFile {
  readonly #type: string;
  readonly #tag: string;
  readonly #cached: string;
  readonly #bodies = new Map<Encoding, Buffer>();

  constructor(
    name: string,
    private readonly content: Buffer,
  ) {
    const type = lookup(name) ?? 'application/octet-stream';
    this.#type = type.startsWith('text/') ? `${type}; charset=utf-8` : type;
    this.#tag = createHash('sha256').update(content).digest('base64url').slice(0, 22);
    this.#cached = IS_HASHED.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache';
  }

  /** Compressed when it is first asked for. */
  #body(encoding: Encoding): Buffer {
    const known = this.#bodies.get(encoding);
    if (known !== undefined) return known;
    const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY };
    const made =
      encoding === 'identity'
        ? this.content
        : encoding === 'gzip'
          ? gzipSync(this.content)
          : brotliCompressSync(this.content, { params });
    this.#bodies.set(encoding, made);
    return made;
  }

  #encodingFor(accepted: string): Encoding {
    if (this.content.length < SMALLEST || !COMPRESSIBLE.test(this.#type)) return 'identity';
    return ENCODINGS.find((name) => accepts(accepted, name)) ?? 'identity';
  }

  respond({ method, headers }: IncomingMessage, response: ServerResponse): void {
    const encoding = this.#encodingFor(String(headers['accept-encoding'] ?? ''));
    const tag = `"${this.#tag}${encoding === 'identity' ? '' : `-${encoding}`}"`;
    response.setHeader('ETag', tag);
    response.setHeader('Cache-Control', this.#cached);
    response.setHeader('Vary', 'Accept-Encoding');
    if (hasTag(String(headers['if-none-match'] ?? ''), tag)) {
      response.writeHead(304).end();
      return;
    }
    const body = this.#body(encoding);
    response.setHeader('Content-Type', this.#type);
    response.setHeader('Content-Length', body.length);
    if (encoding !== 'identity') response.setHeader('Content-Encoding', encoding);
    response.writeHead(200).end(method === 'HEAD' ? undefined : body);
  }
}

/** Whether `br;q=0.8, gzip` takes an encoding; one of weight 0 is refused. */
const accepts = (accepted: string, encoding: string): boolean =>
  accepted.split(',').some((item) => {
    const [name, ...weights] = item.split(';').map((part) => part.trim().toLowerCase());
    return name === encoding && !weights.some((weight) => /^q=0(\.0*)?$/.test(weight));
  });

const hasTag = (asked: string, tag: string): boolean =>
  asked === '*' || asked.split(',').some((one) => one.trim().replace(/^W\//, '') === tag);

/** Reads a folder's files, by the paths under which they are asked for. */
function readFolder(folder: string): ReadonlyMap<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) continue;
    const asked = `/${name.split(sep).join('/')}`;
    const file = new StaticFile(name, readFileSync(path));
    files.set(asked, file);
    if (asked.endsWith('/index.html')) files.set(asked.slice(0, -'index.html'.length), file);
  }
  return files;
}

/** The path of a request, decoded once; null where it is none. */
function pathOf(url: string): string | null {
  const end = url.search(/[?#]/);
  try {
    return decodeURIComponent(end < 0 ? url : url.slice(0, end));
  } catch {
    return null;
  }
}

/** The names by which a browser on this machine means it: another page may have its own name for 127.0.0.1. */
const OWN_NAMES = ['localhost', '127.0.0.1', '[::1]'];

function refuse(response: ServerResponse, status: number, why: string): void {
  response.setHeader('Cache-Control', 'no-store');
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${why}\n`);
}

/**
 * Answers requests for the files of a folder, as they are now: GET and HEAD, whole files, to this machine.
 * (Ranges are not needed of files so small; a server may answer with the whole.)
 */
export function staticFiles(
  folder: string,
): (request: IncomingMessage, response: ServerResponse) => void {
  const files = readFolder(folder);
  return (request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    const host = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
    if (!OWN_NAMES.includes(host)) {
      return refuse(response, 421, `this server is for ${OWN_NAMES.join(', ')} only`);
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return refuse(response, 405, 'GET or HEAD');
    }
    const path = pathOf(request.url ?? '/');
    if (path === null) return refuse(response, 400, 'not a path');
    const file = files.get(path);
    if (file === undefined) return refuse(response, 404, 'not found');
    if (path.startsWith(DOCUMENTS)) response.setHeader('Content-Security-Policy', DOCUMENTS_POLICY);
    return file.respond(request, response);
  };
}
