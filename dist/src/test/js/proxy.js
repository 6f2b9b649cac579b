// A cable between client and host, which a test can cut, mute, or close to WebSockets.
import net from "node:net";
import { url } from "./client.js";

export async function cable(t) {
  const sockets = new Set();
  let state = "whole";
  let upgrades = Promise.resolve();
  const server = net.createServer((near) => {
    if (state === "cut") {
      near.destroy();
      return;
    }
    const far = net.connect(Number(new URL(url).port), "127.0.0.1");
    near.once("data", async (head) => {
      near.pause();
      if (/^upgrade: websocket/im.test(head)) {
        await upgrades;
      }
      far.write(head);
      near.on("data", (data) => state === "muted" || far.write(data));
      near.resume();
    });
    far.on("data", (data) => state === "muted" || near.write(data));
    for (const [from, to] of [[near, far], [far, near]]) {
      sockets.add(from);
      from.on("error", () => {}); // its close follows
      from.on("close", () => {
        sockets.delete(from);
        if (state !== "muted") {
          to.destroy();
        }
      });
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = () => {
    state = "cut";
    sockets.forEach((socket) => socket.destroy());
  };
  t.after(() => {
    cut();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** Ends all connections, and every new one until it is mended. */
    cut,
    mend: () => (state = "whole"),
    /** From now on nothing passes, and nobody is told. */
    mute: () => (state = "muted"),
    /** Lets no WebSocket through until the function that it returns is called. */
    holdUpgrades() {
      let release;
      upgrades = new Promise((resolve) => (release = resolve));
      return release;
    },
  };
}
