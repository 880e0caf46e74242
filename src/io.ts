/** One of the two output streams of the program. */
export interface OutputStream {
  /** Whether a person reads it; decides about layout and colour. */
  readonly isTerminal: boolean
  /** Writes all of `text`, however slow the reader is. A reader that is gone is not an error. */
  write(text: string): void
}

/** A signal that was sent to the process. */
export interface Signal {
  readonly name: NodeJS.Signals
  readonly number: number
}

/** All that `main` knows about the process it runs in. Tests hand in their own. */
export interface Io {
  /** This process: its pid and effective user. */
  readonly pid: number
  readonly uid: number
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  /** The whole of standard input as text. @throws TphctlError when it cannot be read */
  readStdin(): string
  /** The whole of a file as text. @throws TphctlError naming it when it cannot be read */
  readFile(path: string): string
  /** The names in a folder, in no order. @throws TphctlError naming it when it cannot be read */
  listFolder(path: string): readonly string[]
  /**
   * Replaces a file so that readers see the old or the new one whole, on disk when this returns, readable for everybody.
   *
   * @throws TphctlError naming it when it cannot be written
   */
  replaceFile(path: string, text: string): void
  /**
   * From now on those signals do not end the process.
   *
   * @returns what waits for the next of them; none is lost between calls
   */
  catchSignals(names: readonly NodeJS.Signals[]): () => Promise<Signal>
}
