/** Markdown that says where a page comes from, under its title. */
export const generatedFrom = (source: string): string =>
  `<!-- Written by \`npm run generate\` from ${source}; change that, not this. -->`

/** A table; whatever a cell holds stays in its cell. */
export const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s+/g, ' ')).join(' | ')} |`)
    .join('\n')

/** A name or value of code. */
export const code = (text: string | number): string => `\`${text}\``

/** A page of paragraphs, tables and lists. */
export const page = (parts: string[]): string => parts.filter(Boolean).join('\n\n') + '\n'
