// A new screen begins at its top, and is read from its heading: what a change of page does by itself elsewhere.

let first = true;

export function arrive(heading: HTMLElement): void {
  heading.tabIndex = -1;
  // Whoever has just opened the page is at its beginning already.
  if (first) {
    first = false;
    return;
  }
  heading.focus({ preventScroll: true });
  scrollTo(0, 0);
}
