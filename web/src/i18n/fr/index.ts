// Every French message, one JSON file per feature; the file's name is the first word of its keys.
import { merge } from '../merge'

export default merge(import.meta.glob<{ default: object }>('./*.json', { eager: true }))
