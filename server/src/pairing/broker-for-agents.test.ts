import { expect, it } from 'vitest'
import { brokerForAgents } from './broker-for-agents.ts'

it.each([
  ['the embedded broker', {}, { protocol: 'mqtt', host: null, port: 1999 }],
  ['an outside broker', { mqttUrl: 'mqtt://user:secret@broker.lan:1884' }, { protocol: 'mqtt', host: 'broker.lan', port: 1884 }],
  ['one beside the server', { mqttUrl: 'mqtts://user:secret@localhost' }, { protocol: 'mqtts', host: null, port: 8883 }],
  [
    'the address for agents',
    { mqttUrl: 'mqtt://user:secret@10.0.0.1', mqttAgentUrl: 'mqtts://rooms.example' },
    { protocol: 'mqtts', host: 'rooms.example', port: 8883 },
  ],
])('agents reach %s', async (_what, config, expected) => {
  const found = await brokerForAgents(config, 1999)
  expect(found).toMatchObject(expected)
  expect(JSON.stringify(found)).not.toContain('secret')
})

it('a file of the authority that cannot be read is an error', async () => {
  await expect(brokerForAgents({ mqttUrl: 'mqtts://b', mqttCa: '/nowhere/ca.pem' }, undefined)).rejects.toThrow('ENOENT')
})
