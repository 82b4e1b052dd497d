import { Link } from '@tanstack/react-router'
import { Page } from './page.tsx'

/** An address that leads nowhere. */
export function NotFound() {
  return (
    <Page title='There is nothing here' lead='The address is wrong, or what was here is gone.'>
      <Link to='/' className='ds-button ds-button-primary'>Go to your organizations</Link>
    </Page>
  )
}
