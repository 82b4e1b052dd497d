import { z } from 'zod'

// Before any schema is made: compiled checks would be `eval`, which the Content-Security-Policy refuses.
z.config({ jitless: true })
