/**
 * Breaks text at blanks into lines of at most `width` characters, all but the first indented. A word that is longer than a line
 * stays whole, so that paths and commands can be copied.
 */
export function wrap(text: string, indent: number, width: number): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line === '' || indent + longer.length <= width) line = longer
    else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`)
}
