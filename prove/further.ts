import type { Proof } from './proof.ts'
import type { Wish } from './arguments.ts'

/** What a proof that takes long is told. */
export interface ProofOptions {
  report: (line: string) => void
  runs?: number
  seed?: number
}

type Prove = (options: ProofOptions) => Promise<Proof>

/** The proofs that need more than a look at the catalog; each brings its own stack and is loaded only when asked for. */
const further: { with: 'long' | 'mutate'; load: () => Promise<Prove> }[] = [
  { with: 'long', load: async () => (await import('./matrix/main.ts')).proveMatrixByItself },
  { with: 'long', load: async () => (await import('./worlds/main.ts')).proveTwoWorlds },
  { with: 'long', load: async () => (await import('./model/main.ts')).proveModel },
  { with: 'mutate', load: async () => (await import('./mutations/main.ts')).proveMutations },
]

/** Runs the further proofs that were asked for. */
export async function proveFurther(wish: Wish, report: (line: string) => void): Promise<Proof[]> {
  const proofs: Proof[] = []
  for (const { load } of further.filter((each) => wish[each.with])) {
    const prove = await load()
    const proof = await prove({ report, runs: wish.runs, seed: wish.seed })
    // The proofs that follow take long: what was found is said now.
    for (const { object, detail } of proof.findings) report(`${proof.name}: ${object}\n${detail}`)
    proofs.push(proof)
  }
  return proofs
}
