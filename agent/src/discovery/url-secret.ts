import { WrongInput } from './wrong-input.ts'

/** A password in the URL would stay in the shell's history. Throws a WrongInput that names the variable instead. */
export function refusePassword(url: URL, variable: string, form: string): void {
  if (url.password !== '')
    throw new WrongInput(`密码由环境变量 ${variable} 给出 · the password comes from the variable ${variable}; 格式 · written as: ${form}`)
}

/** The value of a variable that is set and not empty. */
export function secretFrom(variable: string, env: NodeJS.ProcessEnv): string | undefined {
  return env[variable] || undefined
}
