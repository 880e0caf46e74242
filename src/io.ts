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
  /** The lines of standard input, each as soon as it is there, without its newline. @throws TphctlError when it cannot be read */
  stdinLines(): AsyncIterable<string>
  /** The whole of a file as text. @throws TphctlError naming it when it cannot be read */
  readFile(path: string): string
  /**
   * From now on those signals do not end the process.
   *
   * @returns what waits for the next of them; none is lost between calls
   */
  catchSignals(names: readonly NodeJS.Signals[]): () => Promise<Signal>
}
