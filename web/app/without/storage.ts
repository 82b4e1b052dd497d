/** Stands in for supabase-js's Storage, which the dashboard does not use. */
export class StorageClient {}

/** supabase-js asks whether an error is one of these. */
export class StorageApiError extends Error {}
