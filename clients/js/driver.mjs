// Drives the client for the checker: python -m clients.checker -- node clients/js/driver.mjs
import { createInterface } from "node:readline";

import { createAuthClient } from "./dist/index.js";

const say = (said) => process.stdout.write(`${JSON.stringify(said)}\n`);
let client;

const orders = {
  open({ prefix, origins, refresh_token: refreshToken, name }) {
    client = createAuthClient({ prefix, origins, refreshToken, name });
    client.on(({ type, reason }) => say({ event: type, reason }));
    return { ok: true };
  },
  async request({ method, url, body }) {
    const response = await client.fetch(url, { method, body });
    await response.text();
    return { status: response.status };
  },
  async sign_out() {
    await client.signOut();
    return { ok: true };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  // Not awaited: orders are carried out at the same time.
  Promise.resolve(order)
    .then(orders[order.do])
    .then(
      (result) => say({ id: order.id, ...result }),
      (error) => say({ id: order.id, error: error.code ?? String(error) }),
    );
}
client?.dispose();
process.exit();
