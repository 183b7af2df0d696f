import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { AGENT_NODE_FLAGS } from '../../server/src/agent-program.ts'

it('the agent gets the same options of Node from systemd, from the container, from the command and from the server', () => {
  const root = join(import.meta.dirname, '../..')
  const unit = readFileSync(join(root, 'deploy/systemd/roomkeeper-agent.service'), 'utf8')
  const dockerfile = readFileSync(join(root, 'deploy/agent.Dockerfile'), 'utf8')
  expect(readFileSync(join(root, 'deploy/roomkeeper'), 'utf8')).toContain(
    `exec "$node" ${AGENT_NODE_FLAGS.join(' ')} "$root/agent/src/cli.ts"`,
  )
  expect(unit).toContain(`ExecStart=/opt/roomkeeper/node_modules/.bin/node ${AGENT_NODE_FLAGS.join(' ')} agent/src/cli.ts run`)
  expect(dockerfile).toContain(
    `CMD ${JSON.stringify(['node', ...AGENT_NODE_FLAGS, 'agent/src/cli.ts', 'run'])
      .slice(0, -1)
      .replaceAll('","', '", "')}`,
  )
  expect(dockerfile).toContain(`RUN node ${AGENT_NODE_FLAGS.join(' ')} agent/src/cli.ts`)
})
