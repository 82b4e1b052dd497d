/** Something that contradicts a claim. */
export interface Finding {
  /** The law that does not hold. */
  law: string
  /** What it does not hold for, such as `public.leads`. */
  object: string
  /** What was seen. */
  detail: string
  /** What it means for the companies that share the database. */
  consequence?: string
  /** SQL that puts it right. */
  mend?: string
}

/** One part of a proof: what is claimed, what was tried, and what contradicts it. */
export interface Proof {
  /** A short name, such as `laws`. */
  name: string
  /** What holds, in one sentence for a security reviewer. */
  claim: string
  /** What was tried, with numbers. */
  tried: string
  /** Empty when the claim held. */
  findings: Finding[]
}
