import { checkField, type FieldType, viewOf } from './integers.ts'

/** A field of any integer type. */
type AnyField = FieldType<number> | FieldType<bigint>

/** C field name → type, in header order; names that start with `_` are padding. */
export type Fields = Readonly<Record<string, AnyField>>

/** What a struct's fields decode to: one property a field, without the padding. */
export type ValueOf<F extends Fields> = {
  readonly [K in keyof F as K extends `_${string}` ? never : K]: ReturnType<F[K]['read']>
}

/** Where a field lies, in bytes from the start of its struct. */
export interface FieldPlace {
  readonly offset: number
  readonly size: number
}

/** A C struct: its name and size in C, and the way between its bytes and its value. */
export interface Struct<F extends Fields> {
  readonly name: string
  /** sizeof, bytes. */
  readonly size: number
  /** Every field, padding included, by C name. */
  readonly fields: { readonly [K in keyof F]: FieldPlace }
  /**
   * `size` bytes with padding zero.
   *
   * @throws RangeError naming `struct.field` when a value does not fit
   */
  encode(value: ValueOf<F>): Uint8Array
  /**
   * Writes `size` bytes at `offset` of `target`, or nothing when it throws.
   *
   * @throws RangeError when a value does not fit its field or the struct does not fit `target`
   */
  encodeInto(target: Uint8Array, offset: number, value: ValueOf<F>): void
  /**
   * Reads the struct at `offset` (0 unless told); padding and what follows are ignored.
   *
   * @throws RangeError when `bytes` ends before the struct does
   */
  decode(bytes: Uint8Array, offset?: number): ValueOf<F>
}

/** The value type of a struct: `StructValue<typeof vfio_region_info>`. */
export type StructValue<S> = S extends Struct<infer F> ? ValueOf<F> : never

/** One line of a layout. */
interface Row {
  readonly field: string
  readonly type: FieldType<number | bigint>
  readonly offset: number
}

/** Where all fields lie, and the lines of those that have a value. */
interface Layout {
  readonly places: Readonly<Record<string, FieldPlace>>
  readonly valued: readonly Row[]
}

/**
 * Declares a C struct: every field in header order, padding spelled out as `_` fields.
 *
 * @param size sizeof in C
 * @throws Error at first use when the fields are not aligned as C does it or do not add up to `size`
 */
export function struct<const F extends Fields>(name: string, size: number, fields: F): Struct<F> {
  let laidOut: Layout | null = null
  // Most commands use few of the structs that they load.
  const layout = (): Layout => {
    laidOut ??= layOut(name, size, fields)
    return laidOut
  }

  function encode(value: ValueOf<F>): Uint8Array {
    const bytes = new Uint8Array(size)
    writeRows(name, layout().valued, viewOf(bytes), value)
    return bytes
  }

  function encodeInto(target: Uint8Array, offset: number, value: ValueOf<F>): void {
    checkFits(`encode ${name}`, size, target, offset)
    target.set(encode(value), offset)
  }

  function decode(bytes: Uint8Array, offset = 0): ValueOf<F> {
    checkFits(`decode ${name}`, size, bytes, offset)
    const view = viewOf(bytes)
    const read = layout().valued.map((row) => [row.field, row.type.read(view, offset + row.offset)])
    return Object.fromEntries(read) as ValueOf<F>
  }

  return {
    name,
    size,
    get fields() {
      return layout().places as Struct<F>['fields']
    },
    encode,
    encodeInto,
    decode,
  }
}

function layOut(name: string, size: number, fields: Fields): Layout {
  const rows: Row[] = []
  let offset = 0
  for (const [field, type] of Object.entries(fields)) {
    if (offset % type.size !== 0) {
      throw new Error(`Cannot lay out ${name}: ${field} is misaligned at offset ${offset}`)
    }
    rows.push({ field, type: type as FieldType<number | bigint>, offset })
    offset += type.size
  }
  checkSize(name, size, rows, offset)
  const places = rows.map(({ field, type, offset }) => [field, { offset, size: type.size }])
  const valued = rows.filter(({ field }) => !field.startsWith('_'))
  return { places: Object.fromEntries(places), valued }
}

function checkSize(name: string, size: number, rows: readonly Row[], total: number): void {
  if (total !== size) {
    throw new Error(`Cannot lay out ${name}: its fields are ${total} bytes, not ${size}`)
  }
  const alignment = Math.max(1, ...rows.map(({ type }) => type.size))
  if (size % alignment !== 0) {
    throw new Error(`Cannot lay out ${name}: ${size} bytes is misaligned, C pads to ${alignment}`)
  }
}

function writeRows(name: string, rows: readonly Row[], view: DataView, value: object): void {
  const values = new Map<string, number | bigint>(Object.entries(value))
  for (const { field, type, offset } of rows) {
    const fieldValue = values.get(field) as number | bigint
    checkField(`${name}.${field}`, type, fieldValue)
    type.write(view, offset, fieldValue)
  }
}

function checkFits(action: string, size: number, bytes: Uint8Array, offset: number): void {
  if (Number.isInteger(offset) && offset >= 0 && offset + size <= bytes.byteLength) return
  throw new RangeError(
    `Cannot ${action}: ${size} bytes at offset ${offset} do not fit a buffer of ${bytes.byteLength}`,
  )
}
