/** The struct codec in one import: the C integer types and the declaration of C structs. */
export { checkField, type FieldType, s32, u8, u16, u32, u64, viewOf } from './integers.ts'
export {
  type FieldPlace,
  type Fields,
  type Struct,
  type StructValue,
  struct,
  type ValueOf,
} from './struct.ts'
