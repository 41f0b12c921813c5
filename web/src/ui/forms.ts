// After a form was refused, the first field that is wrong has the focus.
import { nextTick } from 'vue'

export async function focusFirstWrong(form: HTMLElement | null | undefined): Promise<void> {
  await nextTick()
  form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
}
