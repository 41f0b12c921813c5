// The way into this room. The names of its parts are here, and not in what every first screen loads.
import { withWords } from '@/i18n'

export const open = (page: 'Customers' | 'Customer') => withWords(import('./pages')).then((pages) => pages[page])
