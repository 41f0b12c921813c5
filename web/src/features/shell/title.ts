// The unread count where it is seen from another tab: the title and the icon.
let icon: string | undefined

export function showUnread(count: number): void {
  document.title = count ? `(${count}) Comptoir` : 'Comptoir'
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
  if (!link) return
  icon ??= link.href
  link.href = count ? badged(count) : icon
}

function badged(count: number): string {
  const words = count > 99 ? '99+' : String(count)
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0b5cad"/>
    <path d="M9 6.500h14a2.500 2.500 0 0 1 2.500 2.500v8a2.500 2.500 0 0 1-2.500 2.500h-7.200L11 23.500v-4H9A2.500 2.500 0 0 1 6.500 17V9A2.500 2.500 0 0 1 9 6.500Z" fill="#fff"/>
    <rect x="${24 - words.length * 4.5}" y="15" width="${8 + words.length * 4.5}" height="17" rx="8" fill="#b42318"/>
    <text x="${28 - words.length * 2.25}" y="28.500" font-family="system-ui" font-weight="700" font-size="13" text-anchor="middle" fill="#fff">${words}</text></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}
