/** For HEALTHCHECK: ends with 0 when the server's /healthz says that every part works, 1 otherwise. */
const port = process.env.ROOMKEEPER_HTTP_PORT ?? '8080'
try {
  const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(4000) })
  if (!answer.ok) console.error(answer.status, await answer.text())
  process.exitCode = answer.ok ? 0 : 1
} catch (error) {
  console.error(String(error))
  process.exitCode = 1
}
