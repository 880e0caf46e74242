import { createRequire } from 'node:module'

/** Loads a CommonJS package by name, or throws what `require` throws. */
export type Require = (name: string) => unknown

/**
 * Loads a package as seen from this file, when called and not before. A bundler does not follow it, so nothing native gets
 * into a bundle.
 *
 * A CommonJS bundle has no `import.meta.url`: a bundler has to define `import.meta.url` as `__filename`, which createRequire
 * takes as well.
 */
export function requirePackage(name: string): unknown {
  return createRequire(import.meta.url)(name)
}
