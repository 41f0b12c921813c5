// Every address of the product. French addresses in both languages: a link pasted to a colleague must open for both.
import { createRouter, createWebHistory } from 'vue-router'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'home', component: () => import('./features/shell/Home.vue') },
    { path: '/conversations/:id(\\d+)?', name: 'conversations', component: () => import('./features/conversations/InboxPage.vue') },
    { path: '/clients', name: 'customers', component: () => import('./features/customers/CustomersPage.vue') },
    { path: '/tableau-de-bord', name: 'dashboard', component: () => import('./features/dashboard/DashboardPage.vue') },
    { path: '/:rest(.*)*', name: 'nowhere', component: () => import('./features/shell/Nowhere.vue') },
  ],
})

declare module 'vue-router' {
  interface RouteMeta {
    /** Shown without the shell, to people who are not signed in. */
    isPublic?: boolean
  }
}
