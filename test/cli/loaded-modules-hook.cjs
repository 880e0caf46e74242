// Preloaded into the program: writes what it loaded, as json, to the file that LOADED names.
const fs = require('node:fs')

const before = new Set(process.moduleLoadList)
const files = []
const { readFileSync } = fs
fs.readFileSync = (path, ...rest) => {
  files.push(String(path))
  return readFileSync(path, ...rest)
}

process.on('exit', () => {
  const own = process.moduleLoadList.filter((name) => !before.has(name))
  const modules = own.flatMap((name) => /^NativeModule (.*)$/.exec(name)?.[1] ?? [])
  fs.writeFileSync(process.env.LOADED, JSON.stringify({ files, modules }))
})
