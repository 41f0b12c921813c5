// Starts the page: who is here, in which language, then the room that the address names.
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { createApp } from 'vue'
import App from './App.vue'
import { whenSignedOut } from './api/client'
import { Refused } from './api/problems'
import { countsQuery, listQuery } from './api/queries'
import { dress, startQuery } from './api/start'
import { filterIn } from './features/conversations/place'
import { guessLanguage, i18n, loadAllWords, useLanguage } from './i18n'
import { router } from './router'
import './styles/tokens.css'
import './styles/base.css'

const client = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < 2 && !(error instanceof Refused && error.status < 500),
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      networkMode: 'always',
    },
  },
})

whenSignedOut(() => {
  const start = client.getQueryData(startQuery.queryKey)
  if (!start?.me) return
  sessionStorage.setItem('session-ended', '1')
  location.reload() // the session ended elsewhere; what was being written is in local storage
})

const FIRST_SCREENS = new Set<unknown>(['home', 'conversations', 'dashboard', 'nowhere'])
router.beforeResolve(async (to) => { if (!FIRST_SCREENS.has(to.name)) await loadAllWords() })

router.beforeEach(async (to) => {
  const start = await client.ensureQueryData(startQuery).catch(() => undefined)
  if (!start) return true // App says that the server does not answer
  if (start.needs_setup) return to.name === 'setup' || { name: 'setup' }
  if (!start.me && !to.meta.isPublic) return { name: 'sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
  if (start.needs_setup === false && to.name === 'setup') return { name: 'home' }
  if (start.me && to.name === 'sign-in') return { name: 'home' }
  return true
})

const LITTLE = 80
/** What index.html asked for goes into the cache: the list is painted with the page, if it is (nearly) there, and not after it. */
async function warm() {
  const { name, query } = router.resolve(location.pathname + location.search)
  if (query['view'] || (name !== 'conversations' && !('c' in query))) return
  const filter = filterIn(query)
  void client.prefetchQuery(countsQuery(filter))
  await Promise.race([client.prefetchInfiniteQuery(listQuery(filter)), new Promise((resolve) => setTimeout(resolve, LITTLE))])
}

async function begin() {
  const [start] = await Promise.all([client.ensureQueryData(startQuery).catch(() => undefined), useLanguage(guessLanguage())])
  await dress(start?.me ?? null)
  const app = createApp(App).use(VueQueryPlugin, { queryClient: client }).use(i18n).use(router)
  await Promise.all([router.isReady(), start?.me && warm()])
  app.mount('#app')
  setTimeout(() => void loadAllWords().catch(() => {}), 2000)
}

void begin()
