// The pages of those who are at the door, loaded as one.
export { default as SetUp } from './SetUpPage.vue'
export { default as SignIn } from './SignInPage.vue'
export { default as Invitation } from './InvitationPage.vue'
export { default as Welcome } from '../demo/WelcomePage.vue'
