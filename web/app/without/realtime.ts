/** Stands in for supabase-js's Realtime, which the dashboard does not use. */
export class RealtimeClient {
  setAuth(): Promise<void> {
    return Promise.resolve()
  }
}
