// What a process of the gateway may do: take requests, attempt transfers, wind the clock.

export const roles = ['api', 'worker', 'clock'] as const
export type Role = (typeof roles)[number]
