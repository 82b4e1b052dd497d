import { AlertDialog } from '@base-ui/react/alert-dialog'
import { Dialog as Base } from '@base-ui/react/dialog'
import { type ReactNode, useState } from 'react'
import { ProblemError } from '../../../shared/client/index.ts'
import { Button } from './button.tsx'
import { TextField } from './fields.tsx'
import { CloseIcon } from './icons.tsx'
import { Problem } from './states.tsx'

/** Something to do before going on with the page. */
export function Dialog({ open, onClose, title, description, children }: {
  open: boolean
  onClose: () => void
  title: string
  description?: ReactNode
  children: ReactNode
}) {
  return (
    <Base.Root open={open} onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Base.Portal>
        <Base.Backdrop className='ds-backdrop' />
        <Base.Popup className='ds-dialog'>
          <div className='ds-dialog-head'>
            <Base.Title className='ds-dialog-title'>{title}</Base.Title>
            <Base.Close className='ds-icon-button' aria-label='Close'>
              <CloseIcon />
            </Base.Close>
          </div>
          {description && <Base.Description className='ds-dialog-text'>{description}</Base.Description>}
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

/** What is asked before something that can't simply be undone. */
export interface Question {
  title: string
  text: ReactNode
  /** What the button says that does it. */
  action: string
  /** What has to be typed first. */
  typed?: string
  harmless?: boolean
  run: () => Promise<unknown>
}

/**
 * Asks before it runs; a refusal is shown where the question was asked.
 *
 * @example
 * const [ask, confirmation] = useConfirm()
 * … <Button onClick={() => ask({ title: 'Leave Acme?', text: '…', action: 'Leave', run: leave })} /> {confirmation}
 */
export function useConfirm(): [(question: Question) => void, ReactNode] {
  const [question, setQuestion] = useState<Question>()
  const [open, setOpen] = useState(false)
  const ask = (asked: Question) => {
    setQuestion(asked)
    setOpen(true)
  }
  return [ask, question && <Confirm key={question.title} {...{ question, open }} onClose={() => setOpen(false)} />]
}

function Confirm({ question, open, onClose }: { question: Question; open: boolean; onClose: () => void }) {
  const { title, text, action, typed, harmless, run } = question
  const [words, setWords] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const ready = typed === undefined || words.trim() === typed

  const close = () => {
    setWords('')
    setProblem(undefined)
    onClose()
  }
  const go = async () => {
    if (busy || !ready) return
    setBusy(true)
    setProblem(undefined)
    try {
      await run()
      close()
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      setProblem(error.detail)
    } finally {
      setBusy(false)
    }
  }

  return (
    <AlertDialog.Root open={open} onOpenChange={(isOpen) => !isOpen && close()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className='ds-backdrop' />
        <AlertDialog.Popup className='ds-dialog'>
          <AlertDialog.Title className='ds-dialog-title'>{title}</AlertDialog.Title>
          <AlertDialog.Description className='ds-dialog-text'>{text}</AlertDialog.Description>
          <form
            className='ds-stack'
            onSubmit={(event) => {
              event.preventDefault()
              void go()
            }}
          >
            {typed !== undefined && (
              <TextField
                label={`Type “${typed}” to confirm`}
                autoComplete='off'
                value={words}
                onChange={({ target }) => setWords(target.value)}
              />
            )}
            {problem && <Problem text={problem} />}
            <div className='ds-actions'>
              <Button onClick={close}>Cancel</Button>
              <Button type='submit' look={harmless ? 'primary' : 'danger'} busy={busy} disabled={!ready}>
                {action}
              </Button>
            </div>
          </form>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
