import { openMemoryMatchStore } from '../../src/stores/memory/match-store.ts'
import { matchRatingsContract } from '../contracts/match-ratings.ts'
import { matchStoreContract } from '../contracts/match-store.ts'

matchStoreContract('memory', openMemoryMatchStore, { keptLines: 1_000 })
matchRatingsContract('memory', openMemoryMatchStore)
