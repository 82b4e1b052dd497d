import { onlineManager } from '@tanstack/react-query'

// Without a network TanStack Query asks for nothing, and for all that is stale once there is one again. While somebody has
// to sign in again it is the same: an answer would be a refusal. So both are told by the same switch.

let isOnline = true
let isHeld = false

const tell = (): void => onlineManager.setOnline(isOnline && !isHeld)

// In place of TanStack's own listener: a network that comes back must not end the other wait.
onlineManager.setEventListener(() => {
  const listen = ({ type }: Event): void => {
    isOnline = type === 'online'
    tell()
  }
  addEventListener('online', listen)
  addEventListener('offline', listen)
  return () => {
    removeEventListener('online', listen)
    removeEventListener('offline', listen)
  }
})

/** Has queries wait, or go on. */
export function holdQueries(hold: boolean): void {
  isHeld = hold
  tell()
}
