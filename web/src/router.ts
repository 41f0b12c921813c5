// Every address of the product. French addresses in both languages: a link pasted to a colleague must open for both.
import { createRouter, createWebHistory } from 'vue-router'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'home', component: () => import('./features/shell/Home.vue') },
    { path: '/conversations/:id(\\d+)?', name: 'conversations', component: () => import('./features/conversations/InboxPage.vue') },
    { path: '/clients', name: 'customers', component: () => import('./features/customers/CustomersPage.vue') },
    { path: '/tableau-de-bord', name: 'dashboard', component: () => import('./features/dashboard/DashboardPage.vue') },
    {
      path: '/reglages',
      component: () => import('./features/settings/SettingsPage.vue'),
      children: [
        { path: '', name: 'settings', redirect: { name: 'channels' } },
        { path: 'canaux', name: 'channels', component: () => import('./features/channels/ChannelsSection.vue') },
        { path: 'canaux/nouveau', name: 'connect', component: () => import('./features/channels/ConnectSection.vue') },
        { path: 'canaux/:channelId(\\d+)', name: 'channel', component: () => import('./features/channels/ChannelSection.vue') },
        { path: 'membres', name: 'members', component: () => import('./features/team/MembersSection.vue') },
        { path: 'preferences', name: 'preferences', component: () => import('./features/settings/PreferencesSection.vue') },
        { path: 'exemple', name: 'sample', component: () => import('./features/demo/SampleSection.vue') },
      ],
    },
    { path: '/installation', name: 'setup', component: () => import('./features/team/SetUpPage.vue'), meta: { isPublic: true } },
    { path: '/connexion', name: 'sign-in', component: () => import('./features/team/SignInPage.vue'), meta: { isPublic: true } },
    { path: '/invitation/:token', name: 'invitation', component: () => import('./features/team/InvitationPage.vue'), meta: { isPublic: true } },
    { path: '/bienvenue', name: 'welcome', component: () => import('./features/demo/WelcomePage.vue'), meta: { isBare: true } },
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
