import { api } from './base.ts'

/** Of a room: who is inside, what is open, and its printed code. */
export function createRoomRegisterHandlers() {
  const { registers } = api
  return {
    room: registers.room.handler(({ errors }) => {
      throw errors.UNAVAILABLE()
    }),
    roomCode: registers.roomCode.handler(({ errors }) => {
      throw errors.UNAVAILABLE()
    }),
    renewRoomCode: registers.renewRoomCode.handler(({ errors }) => {
      throw errors.UNAVAILABLE()
    }),
    checkRoomCode: registers.checkRoomCode.handler(({ errors }) => {
      throw errors.UNAVAILABLE()
    }),
  }
}
