/** The colour token of a seat by its state: free, held, sold, blocked. */
export const STATE_COLORS = ["--seat-free", "--seat-held", "--seat-sold", "--seat-blocked"] as const;
