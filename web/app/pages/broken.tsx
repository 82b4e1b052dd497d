import { Button } from '../../components/ui/button.tsx'
import { Page } from './page.tsx'

/** What is left to say when the app itself failed. */
export function Broken() {
  return (
    <Page title='This did not work'>
      <p>The page could not be shown. The connection may be down, or something is broken on our side.</p>
      <div className='ds-actions'>
        <Button look='primary' onClick={() => location.reload()}>Try again</Button>
      </div>
    </Page>
  )
}
