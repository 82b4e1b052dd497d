import { createApp } from '../_kit/app.ts'
import { resolveDeps } from '../_kit/deps.ts'
import { invitations } from './invitations.ts'
import { joining } from './joining.ts'

const app = createApp('invitations', resolveDeps(Deno.env.toObject()))
app.route('/', invitations)
app.route('/', joining)

export default { fetch: app.fetch }
