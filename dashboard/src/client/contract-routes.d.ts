/** Made by vite.config.ts when the dashboard is built. */
declare module 'virtual:contract-routes' {
  export const contract: typeof import('@roomkeeper/shared/http').contract
}
