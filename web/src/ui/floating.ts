// Puts a popover beside its anchor and inside the window. (CSS anchors are not everywhere yet.)
export type Side = 'start' | 'end'

const GAP = 4
const MARGIN = 8

export function place(panel: HTMLElement, anchor: HTMLElement, side: Side): void {
  const a = anchor.getBoundingClientRect()
  const width = panel.offsetWidth
  const below = window.innerHeight - a.bottom - GAP - MARGIN
  const above = a.top - GAP - MARGIN
  const opensAbove = panel.scrollHeight > below && above > below
  const left = side === 'start' ? a.left : a.right - width
  panel.style.maxHeight = `${Math.max(opensAbove ? above : below, 120)}px`
  panel.style.left = `${Math.max(MARGIN, Math.min(left, window.innerWidth - width - MARGIN))}px`
  panel.style.top = opensAbove ? 'auto' : `${a.bottom + GAP}px`
  panel.style.bottom = opensAbove ? `${window.innerHeight - a.top + GAP}px` : 'auto'
}
