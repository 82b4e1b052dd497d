import type { ComponentProps } from 'react'

export interface ButtonProps extends ComponentProps<'button'> {
  look?: 'primary' | 'plain' | 'quiet' | 'danger'
  /** Something is under way: the button keeps the focus and does nothing. */
  busy?: boolean
}

/** A button. */
export function Button(
  { look = 'plain', busy = false, type = 'button', className = '', onClick, children, ...rest }: ButtonProps,
) {
  return (
    <button
      {...rest}
      type={type}
      className={`ds-button ds-button-${look} ${className}`}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {children}
    </button>
  )
}
