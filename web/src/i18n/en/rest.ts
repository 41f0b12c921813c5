// The English of every other screen.
import { merge } from '../merge'

export default merge(import.meta.glob<{ default: object }>(['./*.json', '!./{shell,keys,conversations}.json'], { eager: true }))
