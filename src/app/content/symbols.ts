/** The parameters' symbols as plain text, for plots, lists and titles. */

const symbols: Readonly<Record<string, string>> = {
  beta1: 'β₁',
  beta2: 'β₂',
  betaR: 'βᵣ',
  B1: 'B₁',
  B2: 'B₂',
  chi: 'χ',
  lambda: 'λ',
  gamma: 'γ',
};

export const symbolOf = (name: string): string => symbols[name] ?? name;
