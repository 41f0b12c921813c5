// F6 goes round the regions of the screen, as in a desktop program. A region names itself with `data-region`;
// the focus lands on its current item, else on itself.
export function nextRegion(): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter((one) => one.checkVisibility())
  const here = regions.findIndex((one) => one.contains(document.activeElement))
  const next = regions[(here + 1) % regions.length]
  const target = next?.matches('[data-stop]') ? next : next?.querySelector<HTMLElement>('[data-stop]') ?? next?.querySelector<HTMLElement>('a[tabindex="0"], textarea, a, button') ?? next
  target?.focus()
}
