import { Toast } from '@base-ui/react/toast'
import type { ReactNode } from 'react'
import { CloseIcon } from './icons.tsx'

/** Shows what was done, for a moment, and says it to screen readers. */
export function Notices({ children }: { children: ReactNode }) {
  return (
    <Toast.Provider timeout={6000}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className='ds-notices'>
          <NoticeList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}

function NoticeList() {
  const { toasts } = Toast.useToastManager()
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className='ds-notice'>
      <Toast.Content className='ds-notice-content'>
        <Toast.Description className='ds-notice-text' />
        <Toast.Close className='ds-icon-button' aria-label='Dismiss'>
          <CloseIcon />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ))
}

/** Says what was done: `notify('Invitation sent.')`. */
export function useNotify(): (text: string) => void {
  const { add } = Toast.useToastManager()
  return (text) => void add({ description: text })
}
