import type { ComponentProps } from 'react';

type ButtonProps = Omit<ComponentProps<'button'>, 'type' | 'className'> & {
  /** `primary`: the one act of a view, in ink. `destroy`: red, only for what deletes. `warning`: red words. */
  readonly kind?: 'plain' | 'primary' | 'destroy' | 'warning' | 'link';
  readonly size?: 'ordinary' | 'large';
  readonly submits?: boolean;
};

export function Button({ kind = 'plain', size = 'ordinary', submits = false, ...rest }: ButtonProps) {
  const className = ['button', kind !== 'plain' && `button-${kind}`, size === 'large' && 'button-large']
    .filter(Boolean)
    .join(' ');
  return <button {...rest} type={submits ? 'submit' : 'button'} className={className} />;
}
