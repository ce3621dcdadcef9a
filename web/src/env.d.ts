/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** Set to see the kit: every shared part on one page. */
  readonly VITE_KIT?: string
}
