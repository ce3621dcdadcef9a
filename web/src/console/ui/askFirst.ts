// A dialog with text in it does not go away by a key or by a click that missed it.

/** For a dialog's `before-close`: Escape, a click beside it and its cross ask first; a button that cancels does not. */
export function askFirst(mayLeave: () => boolean): (close: () => void) => void {
  return (close) => {
    if (mayLeave()) close()
  }
}
