import { Billing } from 'dial-smart-components'

export default function Plans() {
  return <Billing returnUrl={`${location.origin}/billing`} />
}
