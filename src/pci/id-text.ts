/** A vendor or device id as sysfs and lspci write it: four lower-case hex digits. */
export function idText(id: number): string {
  return id.toString(16).padStart(4, '0')
}
