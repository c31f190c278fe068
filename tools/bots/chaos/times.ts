/** How long the modes of a run wait for their players, in ms. */
export const times = {
  /** Short, so that the server can be away for longer than it. */
  graceMs: 10_000,
  joinMs: 10_000,
  countdownMs: 500,
  settleMs: 5_000,
  rematchMs: 8_000,
}
