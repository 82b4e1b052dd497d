import { useId, useLayoutEffect, useRef } from 'react'
import { createPortal } from 'react-dom'
import type { Person } from '../components/index.ts'
import { Button } from '../components/ui/button.tsx'
import { useSession } from './session.tsx'
import { SignInForm } from './sign-in-form.tsx'

/** Comes over the page while somebody's session has ended. The page stays as it is, for them to go on with. */
export function SignInAgain({ onSignOut }: { onSignOut: () => Promise<unknown> }) {
  const { person, hasEnded } = useSession()
  // Not inside of the app: other dialogs hide all of it from screen readers, and one of them may be open.
  return person && hasEnded ? createPortal(<Form person={person} onSignOut={onSignOut} />, document.body) : null
}

function Form({ person: { email }, onSignOut }: { person: Person; onSignOut: () => Promise<unknown> }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useLayoutEffect(() => {
    const shown = dialog.current
    shown?.showModal()
    // Closed before it goes, so that the browser puts the focus back to where it was.
    return () => shown?.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      className='again'
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        // It would close this dialog, and the one below it, with what was typed there.
        event.preventDefault()
        event.stopPropagation()
      }}
      // A phone's way back closes it too.
      onClose={() => dialog.current?.showModal()}
    >
      <h2 className='ds-dialog-title' id={`${id}-title`}>Sign in to go on</h2>
      <p className='ds-dialog-text' id={`${id}-text`}>
        The session of <bdi>{email}</bdi> has ended. The page stays as it is until you are back.
      </p>
      <SignInForm email={email} />
      <p className='aside'>
        <Button look='quiet' onClick={() => void onSignOut()}>That is not me: sign out</Button>
      </p>
    </dialog>
  )
}
