import { Menu as Base } from '@base-ui/react/menu'
import type { ReactNode } from 'react'
import { MoreIcon } from './icons.tsx'

export interface MenuAction {
  label: string
  run: () => void
  danger?: boolean
}

/** What can be done with one thing, behind three dots. Nothing to do: nothing is shown. */
export function ActionMenu({ label, actions }: { label: string; actions: MenuAction[] }) {
  if (actions.length === 0) return null
  return (
    <Menu trigger={<MoreIcon />} triggerClass='ds-icon-button' label={label}>
      {actions.map(({ label, run, danger }) => (
        <Base.Item key={label} className={danger ? 'ds-menu-item ds-menu-danger' : 'ds-menu-item'} onClick={run}>
          {label}
        </Base.Item>
      ))}
    </Menu>
  )
}

/** A button that opens a menu. */
export function Menu({ trigger, triggerClass, label, align = 'end', children }: {
  trigger: ReactNode
  triggerClass: string
  label?: string
  align?: 'start' | 'end'
  children: ReactNode
}) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger className={triggerClass} aria-label={label}>{trigger}</Base.Trigger>
      <Base.Portal>
        <Base.Positioner className='ds-menu-place' sideOffset={6} align={align} collisionPadding={8}>
          <Base.Popup className='ds-menu'>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

export const MenuItem = Base.Item
export const MenuSeparator = () => <Base.Separator className='ds-menu-line' />
export { Base as MenuParts }
