// The block of a customer's documents, where this build has one.
import { defineAsyncComponent, type Component } from 'vue'

const [load] = Object.values(import.meta.glob<Component>('./DocumentsBlock.vue', { import: 'default' }))
export const documents = (): Component | null => (load ? defineAsyncComponent(load) : null)
