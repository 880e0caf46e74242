/** Where commands say what is not a result: one line each on stderr, in the end. */
export interface Notices {
  /** Something worth knowing; `-q` silences it. */
  note(text: string): void
  /**
   * Something that is probably a mistake; `-q` silences it.
   *
   * @throws UsageError under `--strict`
   */
  warn(text: string): void
}
