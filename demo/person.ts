import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { createOrganizationsClient, type OrganizationsClient } from '../shared/client/index.ts'
import type { Database } from '../shared/database.types.ts'
import { catchMail, linkOf } from './mail.ts'
import { claim, narratingFetch, show } from './narrate.ts'
import type { Stack } from './stack.ts'

/** Somebody with an app open: a supabase-js client, and the client of our functions on top of it. */
export interface Person {
  name: string
  email: string
  supabase: SupabaseClient<Database>
  client: OrganizationsClient
}

const password = 'correct-horse-battery'

/** Opens the app for somebody. Nobody is signed in yet. */
export function openApp(stack: Stack, name: string, email: string): Person {
  const supabase = createClient<Database>(stack.API_URL, stack.PUBLISHABLE_KEY, {
    auth: { persistSession: false, autoRefreshToken: false },
    global: { fetch: narratingFetch(name) },
  })
  return { name, email, supabase, client: createOrganizationsClient(supabase) }
}

/** Signs somebody up and in, by way of the mail that asks whether the address is theirs. */
export async function signUp(stack: Stack, { name, email, supabase }: Person): Promise<void> {
  const { data, error } = await supabase.auth.signUp({ email, password, options: { data: { full_name: name } } })
  if (error) throw error
  if (!data.session) {
    const mail = await catchMail(stack.MAIL_URL, email, /confirm/i)
    show(`a mail to ${email}: “${mail.subject}”`)
    const opened = await narratingFetch(name)(linkOf(mail), { redirect: 'manual' })
    await opened.body?.cancel()
    const signedIn = await supabase.auth.signInWithPassword({ email, password })
    if (signedIn.error) throw signedIn.error
  }
  const { data: { user } } = await supabase.auth.getUser()
  claim(`${name} is signed in, and the address is confirmed`, Boolean(user?.email_confirmed_at))
}
