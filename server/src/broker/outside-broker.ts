import { NAMESPACE } from '@roomkeeper/shared/sparkplug'
import type { Logger } from 'pino'
import { z } from 'zod'
import { type AgentIdentity, publishFilters, subscribeFilters } from './agent-access.ts'
import { type Broker, type BrokerAccess, BrokerAccessError, type BrokerStatus } from './broker.ts'
import { type AccessRule, type DynamicSecurityAnswer, type DynamicSecurityCommand, runDynamicSecurity } from './dynamic-security.ts'
import { createMqttConnection } from './mqtt-connection.ts'

/** Roles of this name belong to agents, and to nobody else: whoever has one and is not in the database is withdrawn. */
const AGENT_ROLE_PREFIX = 'roomkeeper-agent:'
const HOST_ROLE = 'roomkeeper-host'

export interface OutsideBrokerOptions {
  /** With the credential of an administrator of the dynamic-security plugin: `mqtt://user:password@host:1883`. */
  url: string
  /** PEM of the authority that signed the broker's certificate; by default those Node trusts. */
  ca?: string | undefined
  hostId: string
  log: Logger
  clock: { nowMs(): number }
}

/**
 * Mosquitto with the dynamic-security plugin: one client and one role for each agent, with the rules of `agent-access.ts`. A broker without
 * the plugin still carries messages; who may connect to it is then its own business, and `status` says so.
 */
export function createOutsideBroker({ url, ca, hostId, log, clock }: OutsideBrokerOptions): Broker {
  let status: BrokerStatus = { ok: false, message: 'not connected to the MQTT broker yet' }
  const username = decodeURIComponent(new URL(url).username)

  const run = async (commands: DynamicSecurityCommand[], mayFail: readonly string[] = []): Promise<DynamicSecurityAnswer[]> => {
    try {
      const answers = await runDynamicSecurity(url, commands, ca)
      const failed = answers.find((answer) => answer.error !== undefined && !mayFail.includes(answer.error))
      if (failed) throw new BrokerAccessError('refused', `the MQTT broker refused ${failed.command}: ${failed.error}`)
      status = { ok: true, message: 'outside broker, credentials managed by its dynamic-security plugin' }
      return answers
    } catch (error) {
      if (error instanceof BrokerAccessError) status = { ok: false, message: error.message }
      throw error
    }
  }

  /** The plugin's administrator may read everything but not publish: the host's own topics are added to it once. */
  const letHostIn = async (): Promise<void> => {
    const [client, defaults, roles] = await run([
      { command: 'getClient', username },
      { command: 'getDefaultACLAccess' },
      { command: 'listRoles', verbose: true, count: -1, offset: 0 },
    ])
    const role = rolesSchema.parse(roles?.data).roles.find(({ rolename }) => rolename === HOST_ROLE)
    const acls = hostRules(hostId)
    if (!role) await run([{ command: 'createRole', rolename: HOST_ROLE, acls }])
    else if (!sameRules(role.acls, acls)) await runAndBeCut({ command: 'modifyRole', rolename: HOST_ROLE, acls })
    const has = clientSchema.parse(client?.data).client.roles.some(({ rolename }) => rolename === HOST_ROLE)
    if (!has) await runAndBeCut({ command: 'addClientRole', username, rolename: HOST_ROLE })
    const open = defaultsSchema.parse(defaults?.data).acls.filter(({ acltype, allow }) => allow && OPEN_IS_WRONG.has(acltype))
    if (open.length === 0) return
    const names = open.map(({ acltype }) => acltype).join(', ')
    status = {
      ok: false,
      message: `the MQTT broker allows ${names} to everyone: set it to deny (mosquitto_ctrl dynsec setDefaultACLAccess)`,
    }
    log.warn(status.message)
  }

  /** Mosquitto cuts every connection of a user whose rights change, this one too, before it answers: it is asked again what came of it. */
  const runAndBeCut = async (command: DynamicSecurityCommand): Promise<void> => {
    await run([command]).catch((error: unknown) => {
      if (!(error instanceof BrokerAccessError) || error.kind !== 'unreachable') throw error
    })
    const [client] = await run([{ command: 'getClient', username }])
    const has = clientSchema.parse(client?.data).client.roles.some(({ rolename }) => rolename === HOST_ROLE)
    if (!has) throw new BrokerAccessError('refused', `the MQTT broker did not give ${username} the role ${HOST_ROLE}`)
  }

  const access: BrokerAccess = {
    grant: async (identity, password) => {
      await run(
        [
          ...withdrawal(identity.username),
          { command: 'createRole', rolename: roleOf(identity), acls: agentRules(identity, hostId) },
          {
            command: 'createClient',
            username: identity.username,
            clientid: identity.username,
            password,
            roles: [{ rolename: roleOf(identity) }],
          },
        ],
        NOT_THERE,
      )
    },
    withdraw: async (agentUsername) => {
      await run(withdrawal(agentUsername), NOT_THERE)
    },
    reconcile: async (identities) => {
      const [clients, roles] = await run([
        { command: 'listClients', verbose: true, count: -1, offset: 0 },
        { command: 'listRoles', verbose: true, count: -1, offset: 0 },
      ])
      const rules = new Map(rolesSchema.parse(roles?.data).roles.map((role) => [role.rolename, role.acls]))
      const known = new Set(
        clientsSchema
          .parse(clients?.data)
          .clients.filter((client) => client.roles.some(({ rolename }) => rolename === `${AGENT_ROLE_PREFIX}${client.username}`))
          .map((client) => client.username),
      )
      const wanted = new Map(identities.map((identity) => [identity.username, identity]))
      const withdrawn = [...known].filter((agentUsername) => !wanted.has(agentUsername))
      const missing = identities.filter((identity) => !known.has(identity.username))
      const drifted = identities.filter(
        (identity) => known.has(identity.username) && !sameRules(rules.get(roleOf(identity)) ?? [], agentRules(identity, hostId)),
      )
      const commands: DynamicSecurityCommand[] = [
        ...withdrawn.flatMap(withdrawal),
        ...drifted.map((identity) => ({
          command: 'modifyRole' as const,
          rolename: roleOf(identity),
          acls: agentRules(identity, hostId),
        })),
      ]
      if (commands.length > 0) await run(commands, NOT_THERE)
      return { missing, withdrawn }
    },
  }

  return {
    kind: 'outside',
    access,
    connectHost: () =>
      createMqttConnection({
        url,
        ca,
        hostId,
        log,
        clock,
        prepare: async () => {
          try {
            await letHostIn()
          } catch (error) {
            // Readings matter more than who manages the credentials: the host connects all the same, and /healthz says what is wrong.
            if (!(error instanceof BrokerAccessError) || error.kind === 'unreachable') throw error
            log.warn(error.message)
          }
        },
      }),
    status: () => status,
    refusals: () => ({}),
    close: async () => undefined,
  }
}

function roleOf(identity: AgentIdentity): string {
  return `${AGENT_ROLE_PREFIX}${identity.username}`
}

function agentRules(identity: AgentIdentity, hostId: string): AccessRule[] {
  const filters = subscribeFilters(identity, hostId)
  return [
    ...publishFilters(identity).map((topic) => ({ acltype: 'publishClientSend' as const, topic, allow: true })),
    ...filters.map((topic) => ({ acltype: 'subscribeLiteral' as const, topic, allow: true })),
    ...filters.map((topic) => ({ acltype: 'publishClientReceive' as const, topic, allow: true })),
  ]
}

function hostRules(hostId: string): AccessRule[] {
  const sends = [`${NAMESPACE}/+/NCMD/+`, `${NAMESPACE}/+/DCMD/+/+`, `${NAMESPACE}/STATE/${hostId}`]
  return [
    ...sends.map((topic) => ({ acltype: 'publishClientSend' as const, topic, allow: true })),
    { acltype: 'subscribePattern', topic: `${NAMESPACE}/#`, allow: true },
    { acltype: 'publishClientReceive', topic: `${NAMESPACE}/#`, allow: true },
  ]
}

function withdrawal(username: string): DynamicSecurityCommand[] {
  return [
    { command: 'deleteClient', username },
    { command: 'deleteRole', rolename: `${AGENT_ROLE_PREFIX}${username}` },
  ]
}

/** What the plugin says when there was nothing to delete. */
const NOT_THERE = ['Client not found', 'Role not found']
const OPEN_IS_WRONG: ReadonlySet<string> = new Set(['publishClientSend', 'subscribe'])

const rolesOfClient = z.array(z.object({ rolename: z.string() })).default([])
const clientSchema = z.object({ client: z.object({ roles: rolesOfClient }) })
const clientsSchema = z.object({ clients: z.array(z.object({ username: z.string(), roles: rolesOfClient })) })
const ruleSchema = z.object({ acltype: z.string(), topic: z.string(), allow: z.boolean() })
const rolesSchema = z.object({ roles: z.array(z.object({ rolename: z.string(), acls: z.array(ruleSchema).default([]) })) })
const defaultsSchema = z.object({ acls: z.array(z.object({ acltype: z.string(), allow: z.boolean() })) })

function sameRules(some: readonly z.output<typeof ruleSchema>[], others: readonly AccessRule[]): boolean {
  const text = (rules: readonly z.output<typeof ruleSchema>[]): string =>
    JSON.stringify(rules.map(({ acltype, topic, allow }) => `${acltype} ${allow} ${topic}`).sort())
  return text(some) === text(others)
}
