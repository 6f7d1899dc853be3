/** A button that does something on the page, and submits nothing. */
import type { ButtonHTMLAttributes } from 'preact';

export const Button = (props: ButtonHTMLAttributes<HTMLButtonElement>) => (
  <button type="button" {...props} />
);
