/** An option that cannot be used; its one-line message names the parameter, its place and the remedy. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError';
  readonly code = 'LIFEGUARD_OPTIONS';
  readonly parameter: string;

  constructor(parameter: string, message: string) {
    super(message);
    this.parameter = parameter;
  }
}
