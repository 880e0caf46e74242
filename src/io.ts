/** One of the two output streams of the program. */
export interface OutputStream {
  /** Whether a person reads it; decides about layout and colour. */
  readonly isTerminal: boolean
  /** Writes all of `text`, however slow the reader is. A reader that is gone is not an error. */
  write(text: string): void
}

/** All that `main` knows about the process it runs in. Tests hand in their own. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  /** The whole of standard input as text. @throws TphctlError when it cannot be read */
  readStdin(): string
}
