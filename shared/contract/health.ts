import { z } from 'zod'

export const HealthAnswer = z.object({ status: z.literal('ok') }).meta({ id: 'HealthAnswer' })
export type HealthAnswer = z.infer<typeof HealthAnswer>
