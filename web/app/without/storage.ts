import type { StorageClient as Whole } from '@supabase/storage-js/dist/index.mjs'

type Bucket = ReturnType<Whole['from']>
type Settings = ConstructorParameters<typeof Whole>

/** Stands in for supabase-js's Storage, which comes when something is uploaded. */
export class StorageClient {
  readonly #settings: Settings

  constructor(...settings: Settings) {
    this.#settings = settings
  }

  from(bucket: string): Pick<Bucket, 'upload' | 'getPublicUrl'> {
    const [url] = this.#settings
    return {
      upload: async (...file) => {
        const { StorageClient: Whole } = await import('@supabase/storage-js/dist/index.mjs')
        return await new Whole(...this.#settings).from(bucket).upload(...file)
      },
      getPublicUrl: (path) => ({ data: { publicUrl: `${url}/object/public/${bucket}/${path}` } }),
    }
  }
}

/** supabase-js asks whether an error is one of these. */
export class StorageApiError extends Error {}
