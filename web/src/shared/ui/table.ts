export interface Column<T> {
  /** Also the name of the slot that draws the cell. */
  key: string
  label: string
  text?: (row: T) => string
  /** Right-aligned, digit under digit. */
  numeric?: boolean
  /** Any CSS width. */
  width?: string
}
