/** A way in which one company could learn that another exists or what it does. */
export interface Channel {
  name: string
  /** Closed: it tells nothing any more. Known: it tells what `text` says, and no more. */
  state: 'closed' | 'known'
  /** What it is, and what closes it or what it can tell. */
  text: string
}

/** The published list: everything through which one company's answers could depend on another company's data. */
export const channels: Channel[] = []
