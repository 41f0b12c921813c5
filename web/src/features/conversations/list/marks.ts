// Which row of the list is open, and at which Tab stops. Each row looks for itself: a step down the list draws two rows again, not all.
import type { InjectionKey, Ref } from 'vue'

export interface Marks { selected: Readonly<Ref<number | null>>; stop: Readonly<Ref<number | undefined>> }
export const MARKS: InjectionKey<Marks> = Symbol('marks')
