// Spreadsheets run a cell that begins so, in any width, also where a space, a quote or something invisible stands first.
const formula = /^[\s\p{Cf}\p{Pi}\p{Pf}"'`]*[=+\-−@]|^[\t\r\n]/u

const isFormula = (text: string): boolean => formula.test(text.normalize('NFKC'))

/** A cell that a spreadsheet takes for text, whatever somebody wrote into it. */
export const toSafeCell = (text: string): string => isFormula(text) ? `'${text}` : text

/** What was in a cell before it was made safe, here or by a spreadsheet: a file that we wrote is read as it was. */
export const fromSafeCell = (cell: string): string =>
  cell.startsWith("'") && isFormula(cell.slice(1)) ? cell.slice(1) : cell
