/** The desk's sign-in page, in a document of its own; it leads back to the wall. */
export function goToDoor(next: string): void {
  window.location.assign(`/sign-in?${new URLSearchParams({ next }).toString()}`)
}
