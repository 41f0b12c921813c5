// What several people in one conversation see of each other, loaded as one.
export { default as TogetherBar } from './TogetherBar.vue'
export { default as PresentFaces } from './PresentFaces.vue'
