/** What the person wrote on the command line cannot be used: the message says what is allowed. The program ends with exit code 2. */
export class WrongInput extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'WrongInput'
  }
}
