// How an icon of Lucide's is drawn. Its own component weighs some twenty options for every icon, and a thread has sixty of
// them; ours are told apart by CSS alone (styles/base.css). Takes the place of `createLucideIcon` (vite.config.ts).
import { createVNode, type FunctionalComponent, type SVGAttributes } from 'vue'

interface Drawing { name: string; size: number; node: readonly (readonly [tag: string, attributes: Record<string, string>])[] }

const SAYS = /^(aria-|role$|title$)/

export default function createIcon({ name, size, node }: Drawing): FunctionalComponent<SVGAttributes> {
  const viewBox = `0 0 ${size} ${size}`
  const classes = `lucide lucide-${name}`
  const shapes = node.map(([tag, attributes]) => [tag, Object.fromEntries(Object.entries(attributes).filter(([attribute]) => attribute !== 'key'))] as const)
  const icon: FunctionalComponent<SVGAttributes> = (given) => {
    const isSilent = !Object.keys(given).some((attribute) => SAYS.test(attribute))
    return createVNode(
      'svg', { ...(isSilent && { 'aria-hidden': 'true' }), ...given, viewBox, class: given['class'] ? [classes, given['class']] : classes },
      shapes.map(([tag, attributes]) => createVNode(tag, attributes)),
    )
  }
  icon.inheritAttrs = false
  return icon
}
