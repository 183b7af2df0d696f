import { api } from './base.ts'

/** Registers: records, their moves and files. */
export function createRegisterHandlers() {
  const { registers } = api
  return {
    definitions: registers.definitions.handler(({ errors }) => {
      throw errors.UNAVAILABLE()
    }),
    choices: registers.choices.handler(({ errors }) => {
      throw errors.UNAVAILABLE()
    }),
    list: registers.list.handler(({ errors }) => {
      throw errors.UNAVAILABLE()
    }),
    get: registers.get.handler(({ errors }) => {
      throw errors.UNAVAILABLE()
    }),
    create: registers.create.handler(({ errors }) => {
      throw errors.UNAVAILABLE()
    }),
    save: registers.save.handler(({ errors }) => {
      throw errors.UNAVAILABLE()
    }),
    move: registers.move.handler(({ errors }) => {
      throw errors.UNAVAILABLE()
    }),
    amend: registers.amend.handler(({ errors }) => {
      throw errors.UNAVAILABLE()
    }),
    strikeFile: registers.strikeFile.handler(({ errors }) => {
      throw errors.UNAVAILABLE()
    }),
    link: registers.link.handler(({ errors }) => {
      throw errors.UNAVAILABLE()
    }),
    due: registers.due.handler(({ errors }) => {
      throw errors.UNAVAILABLE()
    }),
    assetFigures: registers.assetFigures.handler(({ errors }) => {
      throw errors.UNAVAILABLE()
    }),
  }
}
