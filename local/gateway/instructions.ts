import type { JWK } from 'jose'

/** What the gateway is told at its start. */
export interface GatewayInstructions {
  port: number
  publishableKey: string
  secretKey: string
  jwtSecret: string
  /** Answer of `/auth/v1/.well-known/jwks.json`. */
  jwks: { keys: JWK[] }
  /** Shown on the first page. */
  links: Record<string, string>
  swagger: string
}

/** Where the gateway passes requests on to; the supervisor says so as parts come and go. */
export interface Upstreams {
  rest?: string
  /** A Data API that answers what only reads, as the load balancer of hosted projects has it do. */
  replica?: string
  /** What the Data API expects in front of its paths. */
  restPrefix?: string
  auth?: string
  functions?: string
}
