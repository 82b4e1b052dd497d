import { Menu as Base } from '@base-ui/react/menu'
import { type ReactNode, useState } from 'react'
import { MoreIcon } from './icons.tsx'

export interface MenuAction {
  label: string
  run: () => void
  danger?: boolean
}

const Actions = ({ actions }: { actions: MenuAction[] }) =>
  actions.map(({ label, run, danger }) => (
    <Base.Item key={label} className={danger ? 'ds-menu-item ds-menu-danger' : 'ds-menu-item'} onClick={run}>
      {label}
    </Base.Item>
  ))

/** What can be done with one thing, behind three dots. Nothing to do: nothing is shown. */
export function ActionMenu({ label, actions }: { label: string; actions: MenuAction[] }) {
  if (actions.length === 0) return null
  return (
    <Menu trigger={<MoreIcon />} triggerClass='ds-icon-button' label={label}>
      <Actions actions={actions} />
    </Menu>
  )
}

type SharedMenu = ReturnType<typeof Base.createHandle<MenuAction[]>>

/** The same for the rows of a long list, which all have one menu: rows come and go as somebody scrolls, and it stays. */
export function useSharedMenu(): [handle: SharedMenu, menu: ReactNode] {
  const [handle] = useState(() => Base.createHandle<MenuAction[]>())
  return [
    handle,
    <Base.Root key='menu' handle={handle} modal={false}>
      {({ payload }) => <Popup align='end'>{payload && <Actions actions={payload} />}</Popup>}
    </Base.Root>,
  ]
}

/** The three dots of one row. */
export function SharedMenuButton({ menu, label, actions }: { menu: SharedMenu; label: string; actions: MenuAction[] }) {
  if (actions.length === 0) return null
  return (
    <Base.Trigger handle={menu} payload={actions} className='ds-icon-button' aria-label={label}>
      <MoreIcon />
    </Base.Trigger>
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
      <Popup align={align}>{children}</Popup>
    </Base.Root>
  )
}

function Popup({ align, children }: { align: 'start' | 'end'; children: ReactNode }) {
  return (
    <Base.Portal>
      <Base.Positioner className='ds-menu-place' sideOffset={6} align={align} collisionPadding={8}>
        <Base.Popup className='ds-menu'>{children}</Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  )
}

export const MenuItem = Base.Item
export const MenuSeparator = () => <Base.Separator className='ds-menu-line' />
export { Base as MenuParts }
