import { type ChannelConnection, ChannelError, type Notice, type Recipient } from './channel.ts'

type Send = (notice: Notice, recipient: Recipient, signal: AbortSignal) => Promise<{ answer: string }>

/**
 * The part of a connection that is the same everywhere: nothing is sent after `close` or under an aborted signal, `close` ends what is
 * under way and waits for it, and the end of a signal becomes an `unreachable`. `send` must end when its signal aborts.
 */
export function guardedConnection(send: Send, dispose: () => Promise<void> = async () => undefined): ChannelConnection {
  const closing = new AbortController()
  const underWay = new Set<Promise<unknown>>()
  let closed: Promise<void> | undefined
  return {
    async send(notice, recipient, signal) {
      const either = AbortSignal.any([signal, closing.signal])
      if (either.aborted) throw ended(closing.signal.aborted)
      const sending = send(notice, recipient, either)
      underWay.add(sending)
      try {
        return await sending
      } catch (error) {
        throw either.aborted ? ended(closing.signal.aborted) : error
      } finally {
        underWay.delete(sending)
      }
    },
    close() {
      closing.abort()
      closed ??= Promise.allSettled(underWay).then(dispose)
      return closed
    },
  }
}

function ended(isClosed: boolean): ChannelError {
  return new ChannelError(
    'unreachable',
    isClosed ? '通道已关闭 · the channel is closed' : '对方未在限定时间内答复 · no answer within the time',
  )
}
