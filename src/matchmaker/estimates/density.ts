const SAMPLES = 1_024
// The sorted copy is renewed after this many arrivals.
const STALE_AFTER = 256

/**
 * The distribution of ratings, learned from the last 1,024 arrivals. The density at a rating is that of its k nearest
 * samples, k / (n · 2 · distance of the k-th): Loftsgaarden and Quesenberry, "A nonparametric estimate of a
 * multivariate density function", 1965, with k near √n.
 */
export class Density {
  readonly #samples = new Float64Array(SAMPLES)
  /** The number of samples. */
  #count = 0
  #next = 0
  #sorted: Float64Array = new Float64Array(0)
  /** Arrivals since the sorted copy was made. */
  #fresh = 0
  #sigma = Number.NaN

  arrived(rating: number, sigma: number): void {
    this.#samples[this.#next] = rating
    this.#next = (this.#next + 1) % SAMPLES
    if (this.#count < SAMPLES) this.#count += 1
    this.#sigma = Number.isNaN(this.#sigma) ? sigma : this.#sigma + (sigma - this.#sigma) / 256
    this.#fresh += 1
    if (this.#fresh >= Math.min(STALE_AFTER, 1 + this.#count / 4)) this.#sort()
  }

  /** The share of arrivals per rating point around this rating; infinite where all ratings are the same. */
  at(rating: number): number {
    const sorted = this.#sorted
    const n = sorted.length
    if (n < 2) return Number.NaN
    const k = Math.min(n - 1, Math.max(2, Math.round(1.5 * Math.sqrt(n))))
    // One more, because the samples usually contain the ticket itself.
    return k / (n * 2 * this.#distance(rating, k + 1))
  }

  /** The mean uncertainty of arriving ratings. */
  get sigma(): number {
    return Number.isNaN(this.#sigma) ? 0 : this.#sigma
  }

  /**
   * The spread of arriving ratings: half of the range that contains the middle 68 %, which is a standard deviation for
   * a normal distribution.
   */
  get spread(): number {
    const sorted = this.#sorted
    const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0
    return (at(0.84) - at(0.16)) / 2
  }

  /** The quantile of a rating among arriving ratings, from 0 to 1. */
  rank(rating: number): number {
    return this.#sorted.length === 0 ? 0.5 : placeIn(this.#sorted, rating) / this.#sorted.length
  }

  #sort(): void {
    this.#sorted = this.#samples.slice(0, this.#count).sort()
    this.#fresh = 0
  }

  /**
   * The distance of the k-th nearest sample. The nearest k are neighbours in the sorted copy; a binary search finds
   * where they begin.
   */
  #distance(rating: number, k: number): number {
    const sorted = this.#sorted
    let low = 0
    let high = sorted.length - k
    while (low < high) {
      const middle = (low + high) >> 1
      if (rating - (sorted[middle] as number) > (sorted[middle + k] as number) - rating) low = middle + 1
      else high = middle
    }
    return Math.max(rating - (sorted[low] as number), (sorted[low + k - 1] as number) - rating, 0)
  }
}

/** The number of values in the sorted list that are smaller. */
function placeIn(sorted: ArrayLike<number>, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] as number) < value) low = middle + 1
    else high = middle
  }
  return low
}
