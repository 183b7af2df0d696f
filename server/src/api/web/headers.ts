import type { RequestHandler } from 'express'

/** Nothing from outside: a machine-room network has no Internet, and a page that loads nothing foreign leaks nothing. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  // antd writes its styles into the page.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "media-src 'self' data: blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

/** Headers of every answer. No Strict-Transport-Security: whoever ends TLS decides that, and an inner network often has no lasting certificate. */
export const securityHeaders: RequestHandler = (request, response, next) => {
  response.setHeader('content-security-policy', CONTENT_SECURITY_POLICY)
  response.setHeader('x-content-type-options', 'nosniff')
  response.setHeader('x-frame-options', 'DENY')
  response.setHeader('referrer-policy', 'same-origin')
  response.setHeader('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=()')
  response.setHeader('cross-origin-resource-policy', 'same-origin')
  // Browsers ignore this one without TLS, and complain in the console.
  if (request.secure) response.setHeader('cross-origin-opener-policy', 'same-origin')
  if (request.path.startsWith('/api/')) response.setHeader('cache-control', 'no-store')
  next()
}
