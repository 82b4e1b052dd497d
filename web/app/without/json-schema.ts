// Stands in for what zod writes JSON schemas with, which the pages never have it do.

const refuse = (): never => {
  throw new Error('No JSON schemas are made here.')
}
/** Schemas have methods made by these. */
const toRefuse = () => refuse

export {
  refuse as extractDefs,
  refuse as finalize,
  refuse as handleUnrepresentable,
  refuse as initializeContext,
  refuse as processSchema,
  toRefuse as createStandardJSONSchemaMethod,
  toRefuse as createToJSONSchemaMethod,
}
