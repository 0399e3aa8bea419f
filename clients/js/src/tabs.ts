/** Tabs that share one cookie jar share one access token. Protocol §9. */

import { stopwatch } from "./clock.js";
import { usable, type Token } from "./token.js";

type Message =
  | { readonly want: number; readonly than: number; readonly asked: readonly string[] }
  | { readonly busy: number }
  | { readonly token: Omit<Token, "age"> & { readonly age: number }; readonly at: number }
  | { readonly out: string; readonly at: number };

const REFRESHING = -1;

export const openTabs = (
  name: string,
  current: () => Token | undefined,
  take: (token: Token) => void,
  out: (reason: string, at: number) => void,
) => {
  const channel = new BroadcastChannel(name);
  // The id of the claim that this tab has made, the lowest wins; 0: none, or it was lost.
  let claim = 0;
  let wake = () => {};

  const post = (message: Message) => channel.postMessage(message);

  const wait = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      wake = resolve;
      setTimeout(resolve, milliseconds);
    });

  const share = (token: Token) => post({ token: { ...token, age: token.age() }, at: Date.now() });

  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if ("want" in data) {
      const token = current();
      if (token && usable(token) && token.begun > data.than && data.asked.every((one) => token.asked.includes(one)))
        share(token);
      else if (claim && claim < data.want) post({ busy: data.want });
      else claim = 0;
    } else if ("busy" in data) {
      if (data.busy === claim) claim = 0;
    } else {
      if ("out" in data) out(data.out, data.at);
      // A frozen tab reads its messages late.
      else take({ ...data.token, age: stopwatch(data.token.age + Math.max(0, Date.now() - data.at)) });
      wake();
    }
  };
  (channel as { unref?: () => void }).unref?.();

  return {
    share,
    out: (reason: string, at: number) => post({ out: reason, at }),
    close: () => channel.close(),

    /**
     * Do the work when this tab may refresh, or a token has come in the place of the old one.
     *
     * A lock is held, if there is one and nobody has it; it is never waited for.
     */
    async alone(old: Token | undefined, asked: readonly string[], work: () => Promise<void>) {
      post({ want: (claim = Math.random()), than: old?.begun ?? 0, asked });
      await wait(50);
      if (!claim && current() === old) await wait(3000);
      claim = REFRESHING;
      const inTurn = async (lock: unknown) => {
        if (!lock) await wait(3000);
        await work();
      };
      // It rejects at once where the page may have no locks.
      await (globalThis.navigator?.locks?.request(name, { ifAvailable: true }, inTurn).catch(work) ?? work());
      claim = 0;
    },
  };
};
