/** An access token and how long it is good for. Protocol §6, rules 6 and 7. */

export interface Token {
  readonly value: string;
  /** Milliseconds. */
  readonly life: number;
  /** Milliseconds since the request for it was sent. */
  readonly age: () => number;
  /** When that was, by the wall clock: orders the tokens of several tabs. */
  readonly begun: number;
  /** The contexts that were asked for with it. */
  readonly asked: readonly string[];
  /** Whether a request carried it. */
  used?: boolean;
}

/** Whether a request may still be sent with a token of this life and age. */
export const lasts = (life: number, age: number): boolean => age < life - Math.min(30_000, life / 10);

export const usable = (token: Token): boolean => lasts(token.life, token.age());

/** At which age a used token is refreshed ahead of time. */
export const refreshTime = (life: number, random: number): number => life * (0.7 + 0.2 * random);
