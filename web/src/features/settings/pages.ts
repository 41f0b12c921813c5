// Every page of the settings, loaded as one: whoever opens one soon opens another, and the first screen pays for each address.
export { default as Channels } from '../channels/ChannelsSection.vue'
export { default as Connect } from '../channels/ConnectSection.vue'
export { default as Channel } from '../channels/ChannelSection.vue'
export { default as Members } from '../team/MembersSection.vue'
export { default as Templates } from '../templates/TemplatesSection.vue'
export { default as Preferences } from './PreferencesSection.vue'
export { default as Sample } from '../demo/SampleSection.vue'
export { default as Settings } from './SettingsPage.vue'
