// The English of the first screen: shell, keys, conversations.
import { merge } from '../merge'

export default merge(import.meta.glob<{ default: object }>('./{shell,keys,conversations}.json', { eager: true }))
