/** Typeset mathematics, readable to screen readers as MathML. */
import katex from 'katex';
import 'katex/dist/katex.min.css';

const rendered = new Map<string, string>();

function render(tex: string): string {
  let html = rendered.get(tex);
  if (html === undefined) {
    html = katex.renderToString(tex, { throwOnError: true });
    rendered.set(tex, html);
  }
  return html;
}

export function Tex({ tex }: { readonly tex: string }) {
  // KaTeX escapes what it is given, and it is given the page's own constants.
  return <span class="tex" dangerouslySetInnerHTML={{ __html: render(tex) }} />;
}
