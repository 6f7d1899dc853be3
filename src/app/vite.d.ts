/// <reference types="vite/client" />

declare module 'virtual:formulas' {
  /** MathML by the TeX of a quantity's symbol or formula. */
  const formulas: Readonly<Record<string, string>>;
  export default formulas;
}
