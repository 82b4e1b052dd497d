const architectures: Record<string, string> = { x86_64: 'x64', aarch64: 'arm64' }

/** This machine as packages with binaries name it, for example `linux-x64`; `windows` is what they call Windows. */
export const platformName = (windows: string): string =>
  `${Deno.build.os === 'windows' ? windows : Deno.build.os}-${architectures[Deno.build.arch]}`
