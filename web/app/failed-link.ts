// A link in a mail of Auth that does not work any more leads here with the reason behind the #. It is read before
// supabase-js and the router look at the address.

const reason = new URLSearchParams(location.hash.slice(1)).get('error_description')

/** Why the link that brought the person here did not work. */
export const failedLink: string | undefined = reason ? `The link did not work: ${reason}` : undefined
