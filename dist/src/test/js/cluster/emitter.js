// A process that emits without holding sockets. Lines may use `emitter`.
import { Emitter } from "@socket.io/redis-emitter";
import { createClient } from "redis";
import { answerLines } from "./lines.js";

const redis = createClient({ url: process.env.REDIS_URL });
redis.on("error", (error) => console.error(error.message));
await redis.connect();
await answerLines({ emitter: new Emitter(redis), cluster: new Emitter(redis).of("/cluster") });
