import { join } from 'node:path'
import { parse } from 'smol-toml'
import { z } from 'zod'
import { Failure, messageOf } from './failure.ts'

const Port = z.int().min(1).max(65535)

const FunctionConfig = z.object({
  enabled: z.boolean().default(true),
  verify_jwt: z.boolean().default(true),
  entrypoint: z.string().optional(),
})

/** The part of `supabase/config.toml` that the local stack acts on; the rest belongs to the CLI and the platform. */
export const Config = z.object({
  project_id: z.string(),
  api: z.object({
    port: Port,
    schemas: z.array(z.string()).min(1),
    extra_search_path: z.array(z.string()),
    max_rows: z.int().positive(),
  }),
  db: z.object({
    port: Port,
    major_version: z.int(),
    seed: z.object({ enabled: z.boolean(), sql_paths: z.array(z.string()) }),
  }),
  local_smtp: z.object({ port: Port, smtp_port: Port }),
  auth: z.object({
    site_url: z.url(),
    additional_redirect_urls: z.array(z.string()).default([]),
    jwt_expiry: z.int().positive().default(3600),
    enable_signup: z.boolean().default(true),
    minimum_password_length: z.int().default(6),
    email: z.object({
      enabled: z.boolean().default(true),
      enable_confirmations: z.boolean().default(false),
      otp_expiry: z.int().positive().default(3600),
    }),
  }),
  functions: z.record(z.string(), FunctionConfig).default({}),
})
export type Config = z.infer<typeof Config>

/** Reads `supabase/config.toml` under `workdir`; what is missing or malformed is named. */
export async function readConfig(workdir: string): Promise<Config> {
  const path = join(workdir, 'supabase', 'config.toml')
  let text: string
  try {
    text = await Deno.readTextFile(path)
  } catch (error) {
    throw new Failure(`can't read ${path}: ${messageOf(error)}`)
  }
  const parsed = Config.safeParse(parseToml(path, text))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Failure(`${path}: ${issue?.path.join('.')}: ${issue?.message}`)
}

function parseToml(path: string, text: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    throw new Failure(`${path}: ${messageOf(error).split('\n')[0]}`)
  }
}
