import { AcceptInvitation } from 'dial-smart-components'
import { useState } from 'react'
import type { ExampleProps } from '../examples.tsx'

export default function Accept({ goTo }: ExampleProps) {
  // In an app, the token is in the address: new URLSearchParams(location.hash.slice(1)).get('token')
  const [link, setLink] = useState('')
  const token = /inv_[0-9a-f]{64}/.exec(link)?.[0]
  if (token === undefined) {
    return (
      <label>
        The link of an invitation
        <input className='ds-input' value={link} onChange={({ target }) => setLink(target.value)} />
      </label>
    )
  }
  const signIn = <a href='/sign-in'>Sign in to accept</a>
  return <AcceptInvitation token={token} signIn={signIn} onAccepted={goTo} onDeclined={() => setLink('')} />
}
