/** One of the two output streams of the program. */
export interface OutputStream {
  /** Whether a person reads it; decides about layout and colour. */
  readonly isTerminal: boolean
  /** Whether its reader was gone when it was last written to. */
  readonly isOver: boolean
  /** Writes all of `text`, however slow the reader is. A reader that is gone is not an error. */
  write(text: string): void
}

/** A signal that was sent to the process. */
export interface Signal {
  readonly name: NodeJS.Signals
  readonly number: number
}

/** The size of a terminal in characters. */
export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

/** What may happen while a command waits: `time` is that nothing did. */
export type Happening =
  | { readonly kind: 'signal'; readonly signal: Signal }
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'resize' }
  | { readonly kind: 'time' }

/** The attention of a command that goes on until it is told to stop. */
export interface Attention {
  /** The next of what happens, at the latest after so many milliseconds; nothing is lost between calls. */
  next(milliseconds: number): Promise<Happening>
  /** From now on signals end the process again, and the terminal is as it was. */
  end(): void
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
  /**
   * The same in pieces of UTF-8 bytes, cut anywhere, without a byte order mark: for what may be long. A piece is valid until the
   * next is asked for. @throws TphctlError when it cannot be read or is no text, which may be in its last piece
   */
  stdinPieces(): Iterable<Uint8Array>
  /** The lines of standard input, each as soon as it is there, without its newline. @throws TphctlError when it cannot be read */
  stdinLines(): AsyncIterable<string>
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
  /** The size that the terminal on stdout has now; null where it is none. */
  terminalSize(): TerminalSize | null
  /**
   * From now on those signals and changes of the terminal's size are told instead.
   *
   * @param keys whether each key that is pressed is told too, where stdin is a terminal; Ctrl-C is a key then
   */
  attend(signals: readonly NodeJS.Signals[], keys: boolean): Attention
}
