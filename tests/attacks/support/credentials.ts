import { exportSPKI, generateKeyPair, importJWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose'
import { stack } from '../../functions/support/stack.ts'
import type { Scene } from '../../functions/support/scene.ts'
import { algorithms, claimsFor, mint, mintEs256, mintHs256, unsigned } from '../../functions/support/tokens.ts'

/** An `authorization` header that must open nothing; undefined for none. */
export type Credential = (scene: Scene) => string | undefined | Promise<string>

const now = () => Math.floor(Date.now() / 1000)
const signingKey = () => JSON.parse(stack('SIGNING_KEY'))

/** The key that everybody may know. */
export function publicKey(): Record<string, string> {
  const { d: _private, ...jwk } = signingKey()
  return jwk
}

async function publicPem(): Promise<string> {
  const key = await importJWK(publicKey(), 'ES256', { extractable: true })
  return key instanceof Uint8Array ? '' : await exportSPKI(key)
}

const alice = ({ users, emails }: Scene, changes: JWTPayload = {}) => claimsFor(users.alice, emails.alice, changes)

async function signedByStranger(scene: Scene, header: Partial<JWTHeaderParameters> = {}): Promise<string> {
  const { privateKey } = await generateKeyPair('ES256')
  return await new SignJWT(alice(scene)).setProtectedHeader({ alg: 'ES256', kid: signingKey().kid, ...header })
    .sign(privateKey)
}

/** The parts of one token under the header of another. */
const under = (header: object, token: string): string =>
  [btoa(JSON.stringify(header)).replace(/=+$/, ''), ...token.split('.').slice(1)].join('.')

/** What is no token, or isn't sent as one. */
export const noTokens: Record<string, Credential> = {
  'no header': () => undefined,
  'an empty header': () => '',
  'the word Bearer alone': () => 'Bearer',
  'Bearer and a space': () => 'Bearer ',
  'a scheme of another kind': () => `Basic ${btoa('alice:secret')}`,
  'a token under another scheme': ({ tokens }) => `Basic ${tokens.alice}`,
  'a token without its scheme': ({ tokens }) => tokens.alice,
  'the publishable key': () => `Bearer ${stack('PUBLISHABLE_KEY')}`,
}

/** Tokens that no project of this key and secret has issued. */
export const forgedTokens: Record<string, Credential> = {
  'two tokens': ({ tokens }) => `Bearer ${tokens.alice}, Bearer ${tokens.alice}`,
  'no token at all': () => 'Bearer not.a.token',
  'a token cut short': ({ tokens }) => `Bearer ${tokens.alice.slice(0, -8)}`,
  'a token and more': ({ tokens }) => `Bearer ${tokens.alice}.${tokens.alice}`,
  'a token of 30 KB': ({ tokens }) => `Bearer ${tokens.alice}${'A'.repeat(30_000)}`,
  'a token nobody signed': (scene) => `Bearer ${unsigned(alice(scene))}`,
  'alg none with a signature': (scene) => `Bearer ${unsigned(alice(scene), { alg: 'none' }, 'c2lnbmVk')}`,
  'alg NONE': (scene) => `Bearer ${unsigned(alice(scene), { alg: 'NONE' }, 'c2lnbmVk')}`,
  'an algorithm that nobody asked for': (scene) => `Bearer ${unsigned(alice(scene), { alg: 'HS999' }, 'c2lnbmVk')}`,
  'ES256 that calls itself HS256': ({ tokens }) => `Bearer ${under({ alg: 'HS256', typ: 'JWT' }, tokens.alice)}`,
  'HS256 that calls itself ES256': async (scene) =>
    `Bearer ${under({ alg: 'ES256', kid: signingKey().kid }, await mintHs256(alice(scene)))}`,
  'a signature of a stranger': async (scene) => `Bearer ${await signedByStranger(scene)}`,
  'a stranger’s signature and kid': async (scene) => `Bearer ${await signedByStranger(scene, { kid: 'strange' })}`,
  'a key that the token brings': async (scene) => `Bearer ${await signedByStranger(scene, { jwk: publicKey() })}`,
  'an address of keys': async (scene) => `Bearer ${await signedByStranger(scene, { jku: 'http://127.0.0.1:1/jwks' })}`,
  'an address of certificates': async (scene) =>
    `Bearer ${await signedByStranger(scene, { x5u: 'http://127.0.0.1:1/x5u.pem' })}`,
  'a kid that is a path': async (scene) => `Bearer ${await signedByStranger(scene, { kid: '../../../../dev/null' })}`,
  'a kid that is SQL': async (scene) => `Bearer ${await signedByStranger(scene, { kid: "x' union select 'key" })}`,
  'another secret': async (scene) => `Bearer ${await mintHs256(alice(scene), 'another-secret-of-enough-characters')}`,
  'the public key as a shared secret': async (scene) =>
    `Bearer ${await mintHs256(alice(scene), JSON.stringify(publicKey()))}`,
  'the public key as PEM as a shared secret': async (scene) =>
    `Bearer ${await mintHs256(alice(scene), await publicPem())}`,
  'a coordinate of the public key as a shared secret': async (scene) =>
    `Bearer ${await mintHs256(alice(scene), publicKey().x)}`,
  'the publishable key as a shared secret': async (scene) =>
    `Bearer ${await mintHs256(alice(scene), stack('PUBLISHABLE_KEY'))}`,
  'claims of bob under a signature of alice': ({ tokens }) => {
    const [header, , signature] = tokens.alice.split('.')
    return `Bearer ${header}.${tokens.bob.split('.')[1]}.${signature}`
  },
}

/** Tokens of this project that say something they must not; in both ways to sign. */
const wrongClaims: Record<string, () => JWTPayload> = {
  'an end that has passed': () => ({ exp: now() - 120 }),
  'a beginning to come': () => ({ nbf: now() + 120 }),
  'a birth to come': () => ({ iat: now() + 120 }),
  'an end that is a text': () => JSON.parse('{"exp":"tomorrow"}'),
  'role postgres': () => ({ role: 'postgres' }),
  'role supabase_admin': () => ({ role: 'supabase_admin' }),
  'role authenticator': () => ({ role: 'authenticator' }),
  'role nobody': () => ({ role: 'nobody' }),
  'role none': () => ({ role: 'none' }),
  'a role that is SQL': () => ({ role: 'authenticated"; reset role; --' }),
  'role anon': () => ({ role: 'anon' }),
  'no role': () => ({ role: undefined }),
}

/**
 * What functions refuse, and the Data API alone does not: it knows no audience and no end, tries its keys whatever a
 * token calls them, and serves the service.
 */
const wrongForFunctions: Record<string, () => JWTPayload> = {
  'no end': () => ({ exp: undefined }),
  'another audience': () => ({ aud: 'anon' }),
  'audiences without ours': () => ({ aud: ['anon', 'api'] }),
  'no audience': () => ({ aud: undefined }),
  'a list of no audience': () => ({ aud: [] }),
  'role service_role': () => ({ role: 'service_role' }),
  'nobody': () => ({ sub: undefined }),
  'somebody without a uuid': () => ({ sub: 'alice' }),
}

const inBothWays = (claims: Record<string, () => JWTPayload>): Record<string, Credential> =>
  Object.fromEntries(
    Object.entries(claims).flatMap(([name, changes]) =>
      algorithms.map((algorithm): [string, Credential] => [
        `${algorithm} with ${name}`,
        async (scene) => `Bearer ${await mint(algorithm, alice(scene, changes()))}`,
      ])
    ),
  )

/** Refused by whatever reads tokens. */
export const badCredentials: Record<string, Credential> = { ...noTokens, ...forgedTokens, ...inBothWays(wrongClaims) }

/** Refused by functions, besides those. */
export const badForFunctions: Record<string, Credential> = {
  ...inBothWays(wrongForFunctions),
  'our key under another name': async (scene) => `Bearer ${await mintEs256(alice(scene), { kid: 'another' })}`,
  'the secret key': () => `Bearer ${stack('SECRET_KEY')}`,
}
