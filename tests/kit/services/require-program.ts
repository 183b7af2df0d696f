import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/**
 * Says why a test that needs these programs cannot run here, or undefined when it can. With `CI=true` a missing program is a
 * failure, not a skip: a service that quietly went missing must not turn the suite green.
 */
export function missingProgram(paths: readonly string[], debianPackage: string): string | undefined {
  return reasonOrThrow(paths.filter((path) => !existsSync(path)).join(', '), debianPackage)
}

/** The same for a module of the system's Python. */
export function missingPythonModule(module: string, debianPackage: string): string | undefined {
  const found = existsSync(PYTHON_PATH) && spawnSync(PYTHON_PATH, ['-c', `import ${module}`]).status === 0
  return reasonOrThrow(found ? '' : `Python module ${module}`, debianPackage)
}

/** Debian's own Python: its packages are not seen by another one that may be first in PATH. */
export const PYTHON_PATH = '/usr/bin/python3'

function reasonOrThrow(missing: string, debianPackage: string): string | undefined {
  if (missing === '') return undefined
  const reason = `${missing} is not installed (Debian: apt-get install ${debianPackage})`
  if (process.env.CI === 'true') throw new Error(`${reason}; with CI=true nothing may be skipped for this`)
  return reason
}
