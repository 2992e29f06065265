// A colour of the school's own: the page's answers allow no style in its elements' attributes.
export const paint = (colour: string | undefined) => (node: HTMLElement) => {
  node.style.background = colour ?? 'transparent'
}
