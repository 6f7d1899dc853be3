/** The page's parameters as a file for the command line. */
import { useState } from 'preact/hooks';
import { truncation } from '../../model/parameters.js';
import type { Page } from '../state/page.js';
import { page } from '../state/store.js';
import { downloadText } from './download.js';

async function yamlOf({ parameters, truncation: chosen }: Page): Promise<string> {
  const { stringify } = await import('yaml');
  const { lmin, lmax, edgeTolerance } = chosen;
  const window = lmin === undefined ? {} : { lmin, lmax };
  const usual = truncation(window).edgeTolerance;
  const tolerance = edgeTolerance === usual ? {} : { edgeTolerance };
  return `# qmill steady --config device.yaml\n${stringify({ ...parameters, ...window, ...tolerance })}`;
}

export function Recipe() {
  const [copied, setCopied] = useState(false);
  return (
    <div class="recipe">
      <button
        type="button"
        onClick={async () => downloadText('device.yaml', 'text/yaml', await yamlOf(page.value))}
      >
        YAML for the command line
      </button>
      <button
        type="button"
        onClick={async () => {
          await navigator.clipboard.writeText(await yamlOf(page.value));
          setCopied(true);
          setTimeout(() => setCopied(false), 2000);
        }}
      >
        {copied ? 'Copied' : 'Copy'}
      </button>
    </div>
  );
}
