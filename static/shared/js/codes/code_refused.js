/** What was read is not taken. `code` is the contract's, `reason` for the log: it never holds the text. */
export class CodeRefused extends Error {
  constructor(code, reason) {
    super(reason);
    this.name = 'CodeRefused';
    this.code = code;
  }
}

export const malformed = (reason) => new CodeRefused('code_malformed', reason);
