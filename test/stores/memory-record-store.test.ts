import { openMemoryRecordStore } from '../../src/stores/memory/record-store.ts'
import { recordStoreContract } from '../contracts/record-store.ts'

recordStoreContract('memory', async () => ({ records: openMemoryRecordStore() }))
