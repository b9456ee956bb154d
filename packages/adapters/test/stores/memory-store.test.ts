import { memoryStore } from '@segue/adapters'
import { PARTITIONS, storeContract } from './store-contract.ts'

storeContract('memory', () => {
  const store = memoryStore({ partitions: PARTITIONS })
  return { open: async () => store, clean: async () => {} }
})
