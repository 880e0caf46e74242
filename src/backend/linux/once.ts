/** Calls `read` when first asked and keeps what it returned; what it throws is not kept. */
export function once<T>(read: () => T): () => T {
  let kept: { readonly value: T } | null = null
  return () => {
    kept ??= { value: read() }
    return kept.value
  }
}
