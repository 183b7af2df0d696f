import { expect, it } from 'vitest'
import { countdownText, pairCommand } from './pair-command.ts'

it('the command allows an unencrypted way only where the page came by one', () => {
  expect(pairCommand('https://rooms.example', 'ABCD-2345')).toBe('roomkeeper agent pair --server https://rooms.example --code ABCD-2345')
  expect(pairCommand('http://10.0.0.5:8080', 'ABCD-2345')).toContain('http://10.0.0.5:8080 --code ABCD-2345 --insecure')
  expect(pairCommand('http://localhost:8080', 'ABCD-2345')).not.toContain('--insecure')
})

it('the countdown counts whole seconds and ends at zero', () => {
  expect([600_000, 65_001, 1, -5000].map(countdownText)).toEqual(['10:00', '1:06', '0:01', '0:00'])
})
