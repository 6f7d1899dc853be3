/** Typeset mathematics: MathML, which screen readers read. */
import formulas from 'virtual:formulas';

export function Tex({ tex }: { readonly tex: string }) {
  const mathml = formulas[tex];
  if (mathml === undefined) throw new Error(`not typeset when the page was built: ${tex}`);
  // Made of the page's own constants when it was built.
  return <span class="tex" dangerouslySetInnerHTML={{ __html: mathml }} />;
}
