#!/usr/bin/env node
/** `qmill`, as it is started: what it is made of is loaded once its compiled code is at hand. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keepCode } from '../storage/codeCache.js';

const command = /^[a-z]+(-[a-z]+)*$/.exec(process.argv[2] ?? '')?.[0] ?? 'qmill';
keepCode(dirname(fileURLToPath(new URL('./main.js', import.meta.url))), command);
void import('./commandLine.js');
