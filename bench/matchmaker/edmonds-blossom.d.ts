declare module 'edmonds-blossom' {
  type Edge = [a: number, b: number, weight: number]
  /**
   * The matching of maximum weight: the partner of each vertex or −1; with `mostPairs`, among those with the most
   * pairs.
   */
  export default function blossom(edges: Edge[], mostPairs: boolean): number[]
}
