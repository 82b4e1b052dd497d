import { createApp } from '../_kit/app.ts'
import { resolveDeps } from '../_kit/deps.ts'
import { resolveMailer } from '../_kit/mailer.ts'
import { audit } from './audit.ts'
import { branding } from './branding.ts'
import { domains } from './domains.ts'
import { createInvitations } from './invitations.ts'
import { joinRequests } from './join-requests.ts'
import { leadFields } from './lead-fields.ts'
import { members } from './members.ts'
import { organizations } from './organizations.ts'
import { planPreview } from './plan-preview.ts'
import { usage } from './usage.ts'

const environment = Deno.env.toObject()
const app = createApp('organizations', resolveDeps(environment))
// Before organizations, which would take `usage` for the id of one.
app.route('/', usage)
app.route('/', organizations)
app.route('/', members)
app.route('/', createInvitations(resolveMailer(environment)))
app.route('/', audit)
app.route('/', domains)
app.route('/', branding)
app.route('/', joinRequests)
app.route('/', planPreview)
app.route('/', leadFields)

export default { fetch: app.fetch }
