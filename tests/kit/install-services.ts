import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Debian packages of the real programs the tests run against. */
const PACKAGES = [
  'mosquitto',
  'mosquitto-clients',
  'influxdb',
  'nut-server',
  'snmpsim',
  'snmpd',
  'snmp',
  'snmptrapd',
  'rsyslog',
  'rsyslog-gnutls',
  'smitools',
  'socat',
  'openssl',
  'systemd',
  'openipmi',
  'ipmitool',
  'monitoring-plugins-basic',
  'chromium',
  'fonts-noto-cjk',
  'python3-pymodbus',
  'python3-serial-asyncio',
  'python3-aiosmtpd',
  'postgresql',
  'smstools',
  'libreoffice-calc',
  'poppler-utils',
] as const

/**
 * On Debian as root: installs what is missing. Elsewhere it changes nothing, and the tests say themselves what they miss. A package that
 * cannot be installed is named on stderr and left to the tests too: they skip, or fail with `CI=true`.
 */
export function installServices(): void {
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) return
  const missing = PACKAGES.filter((name) => !isInstalled(name))
  if (missing.length === 0) return
  console.log(`installing for the tests: ${missing.join(' ')}`)
  apt('update', '-qq')
  if (apt('install', '-qq', '--yes', '--no-install-recommends', ...missing)) return
  // One unknown name makes apt refuse them all.
  for (const name of missing)
    if (!apt('install', '-qq', '--yes', '--no-install-recommends', name)) console.error(`could not be installed: ${name}`)
}

function isInstalled(name: string): boolean {
  const { stdout } = spawnSync('dpkg-query', ['--show', `--showformat=\${Status}`, name], { encoding: 'utf8' })
  return stdout?.trim() === 'install ok installed'
}

function apt(...args: string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0
}
