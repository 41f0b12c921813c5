// Every address of the product. French addresses in both languages: a link pasted to a colleague must open for both.
import { createRouter, createWebHistory } from 'vue-router'

const settings = (page: keyof typeof import('./features/settings/pages')) => () => import('./features/settings/pages').then((pages) => pages[page])
const customers = (page: 'Customers' | 'Customer') => () => import('./features/customers/door').then((door) => door.open(page))
const door = (page: keyof typeof import('./features/team/pages')) => () => import('./features/team/pages').then((pages) => pages[page])

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'home', component: () => import('./features/shell/Home.vue') },
    { path: '/conversations/:id(\\d+)?', name: 'conversations', component: () => import('./features/conversations/InboxPage.vue') },
    { path: '/clients', name: 'customers', component: customers('Customers') },
    { path: '/clients/:customerId(\\d+)', name: 'customer', component: customers('Customer') },
    { path: '/tableau-de-bord', name: 'dashboard', component: () => import('./features/dashboard/DashboardPage.vue') },
    { path: '/telephone/:who?/:app?', name: 'phone', component: () => import('./features/demo/phone/PhonePage.vue') },
    {
      path: '/reglages',
      component: settings('Settings'),
      children: [
        { path: '', name: 'settings', redirect: { name: 'channels' } },
        { path: 'canaux', name: 'channels', component: settings('Channels') },
        { path: 'canaux/nouveau', name: 'connect', component: settings('Connect') },
        { path: 'canaux/whatsapp', name: 'connect-number', component: settings('ConnectNumber') },
        { path: 'canaux/:channelId(\\d+)', name: 'channel', component: settings('Channel') },
        { path: 'donnees', name: 'data', component: settings('Data') },
        { path: 'etiquettes', name: 'labels', component: settings('Labels') },
        { path: 'membres', name: 'members', component: settings('Members') },
        { path: 'equipes', name: 'teams', component: settings('Teams') },
        { path: 'modeles', name: 'templates', component: settings('Templates') },
        { path: 'bloques', name: 'blocked', component: settings('Blocked') },
        { path: 'notifications', name: 'notifications', component: settings('Notifications') },
        { path: 'preferences', name: 'preferences', component: settings('Preferences') },
        { path: 'exemple', name: 'sample', component: settings('Sample') },
      ],
    },
    { path: '/installation', name: 'setup', component: door('SetUp'), meta: { isPublic: true } },
    { path: '/connexion', name: 'sign-in', component: door('SignIn'), meta: { isPublic: true } },
    { path: '/invitation/:token', name: 'invitation', component: door('Invitation'), meta: { isPublic: true } },
    { path: '/bienvenue', name: 'welcome', component: door('Welcome'), meta: { isBare: true } },
    { path: '/:rest(.*)*', name: 'nowhere', component: () => import('./features/shell/Nowhere.vue') },
  ],
})

declare module 'vue-router' {
  interface RouteMeta {
    /** Shown without the shell, to people who are not signed in. */
    isPublic?: boolean
    /** Shown without the shell, to a member. */
    isBare?: boolean
  }
}
