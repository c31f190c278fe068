import { byId, setText } from '../dom.ts'

const banner = byId('banner', HTMLParagraphElement)

/** One line about the connection, above everything else. */
export const showBanner = (text: string): void => setText(banner, text)
export const hideBanner = (): void => setText(banner, '')
