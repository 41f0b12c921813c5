// What the header of a thread asks for, loaded as one.
export { default as HandlingMenu } from './HandlingMenu.vue'
export { default as HandlingPills } from './HandlingPills.vue'
