// The pages of this room, in one part.
export { default as Customers } from './CustomersPage.vue'
export { default as Customer } from './CustomerPage.vue'
