import { Toast } from '@base-ui/react/toast'
import { useEffect } from 'react'
import { CloseIcon } from './icons.tsx'
import type { Notice } from './notices.tsx'

interface Waiting {
  waiting: Notice[]
  onShown: (notices: Notice[]) => void
}

/** Shows each notice for some seconds. */
export default function NoticeList(props: Waiting) {
  return (
    <Toast.Provider timeout={6000}>
      <Toast.Portal>
        <Toast.Viewport className='ds-notices'>
          <Shown {...props} />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}

function Shown({ waiting, onShown }: Waiting) {
  const { toasts, add } = Toast.useToastManager()
  useEffect(() => {
    if (waiting.length === 0) return
    // Their ids are those of the notices: none is shown twice.
    for (const { id, text } of waiting) add({ id: String(id), description: text })
    onShown(waiting)
  }, [waiting, onShown, add])
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
