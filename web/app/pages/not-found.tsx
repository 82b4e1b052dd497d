import { Link } from '@tanstack/react-router'
import { Page, useTitle } from './page.tsx'

const words = { title: 'There is nothing here', lead: 'The address is wrong, or what was here is gone.' }

/** An address that leads nowhere. */
export function NotFound() {
  return (
    <Page {...words}>
      <Link to='/' className='ds-button ds-button-primary'>Go to your organizations</Link>
    </Page>
  )
}

/** The same inside of an organization, also for pages that one's role does not see. */
export function NothingHere() {
  useTitle(words.title)
  return (
    <>
      <h1>{words.title}</h1>
      <p className='ds-soft'>{words.lead}</p>
    </>
  )
}
