import type { Role } from '@roomkeeper/shared/model'
import type { Db } from '../database/schema.ts'
import type { Registers } from '../registers/registers.ts'
import { actorOf, api } from './base.ts'

export interface RegistersApiDeps {
  db: Db
  registers: Registers
}

/** Registers: records, their moves and files. Who may do what follows from each register's definition. */
export function createRegisterHandlers({ db, registers: engine }: RegistersApiDeps) {
  const { registers } = api
  return {
    definitions: registers.definitions.handler(({ context }) => engine.overview(actorOf(context))),

    choices: registers.choices.handler(async () => {
      const [rooms, accounts, devices] = await Promise.all([
        db.selectFrom('room').select(['id', 'name']).orderBy('name').execute(),
        db.selectFrom('account').select(['id', 'name', 'rolesJson']).where('disabled', '=', 0).orderBy('name').execute(),
        db.selectFrom('device').select(['id', 'name', 'roomId']).where('retiredAtMs', 'is', null).orderBy('name').execute(),
      ])
      return { rooms, people: accounts.map(({ id, name, rolesJson }) => ({ id, name, roles: JSON.parse(rolesJson) as Role[] })), devices }
    }),

    list: registers.list.handler(({ input, context }) => engine.list(actorOf(context), input)),
    get: registers.get.handler(({ input, context }) => engine.get(actorOf(context), input.register, input.recordId)),
    create: registers.create.handler(({ input, context }) => engine.create(actorOf(context), input)),
    save: registers.save.handler(({ input, context }) => engine.save(actorOf(context), input)),
    move: registers.move.handler(({ input, context }) => engine.move(actorOf(context), input)),
    amend: registers.amend.handler(({ input, context }) => engine.amend(actorOf(context), input)),
    strikeFile: registers.strikeFile.handler(({ input, context }) => engine.strikeFile(actorOf(context), input)),
    link: registers.link.handler(({ input, context }) => engine.link(actorOf(context), input)),
    due: registers.due.handler(({ context }) => engine.due(actorOf(context))),

    assetFigures: registers.assetFigures.handler(({ input, context }) => engine.assetFigures(actorOf(context), input.year)),
  }
}
