const ACK_TIMEOUT = 8_000;
const RETRY_AFTER = 4_000;

/** The server's answer was an error, or there was none. */
export class RequestError extends Error {
  /** @param {string} code the server's, or `timeout`, or `disconnected` */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/**
 * The socket, with its state told live. Events: `state` when any property here changed, `welcome`
 * when the server has let us in (again), `refused` when it did not want the name, and every event
 * of the server as `server:<name>` with its arguments in `detail`.
 */
export class Connection extends EventTarget {
  /** @type {"idle" | "connecting" | "connected" | "waiting"} */
  state = "idle";
  /** @type {"polling" | "websocket" | null} */
  transport = null;
  /** Milliseconds from the last request to its answer; null before. */
  latency = null;

  #socket;
  #retry;

  /** @param {() => {name: string, key: string}} auth asked at each connect */
  constructor(auth) {
    super();
    this.#socket = io("/chat", { auth: (send) => send(auth()), autoConnect: false });
    this.#socket.on("connect", () => this.#became("connected"));
    this.#socket.on("disconnect", () => this.#lost());
    this.#socket.on("connect_error", (error) => this.#notConnected(error));
    this.#socket.onAny((name, ...detail) => {
      this.#tell(name === "welcome" ? "welcome" : `server:${name}`, detail);
    });
    this.#socket.io.on("open", () => this.#watch(this.#socket.io.engine));
    this.#socket.io.on("reconnect_attempt", () => this.#became("connecting"));
    this.#socket.io.on("reconnect_error", () => this.#became("waiting"));
  }

  get connected() {
    return this.state === "connected";
  }

  /** Connects anew, as who `auth` says now; also while waiting to try again. */
  connect() {
    if (this.#socket.active) this.#socket.disconnect();
    clearTimeout(this.#retry);
    this.#became("connecting");
    this.#socket.connect();
  }

  /** Emits, and answers what the server's ack said. Throws {@link RequestError}. */
  async request(event, ...args) {
    if (!this.connected) throw new RequestError("disconnected", "There is no connection.");
    const begin = performance.now();
    let answer;
    try {
      answer = await this.#socket.timeout(ACK_TIMEOUT).emitWithAck(event, ...args);
    } catch {
      if (!this.connected) throw new RequestError("disconnected", "The connection was lost.");
      throw new RequestError("timeout", "The server did not answer in time.");
    }
    this.latency = Math.round(performance.now() - begin);
    this.#tell("state");
    if (answer?.error) throw new RequestError(answer.error.code, answer.error.message);
    return answer;
  }

  /** Emits what may as well get lost. */
  hint(event, ...args) {
    if (this.connected) this.#socket.volatile.emit(event, ...args);
  }

  #watch(engine) {
    this.transport = engine.transport.name;
    this.#tell("state");
    engine.on("upgrade", (transport) => {
      this.transport = transport.name;
      this.#tell("state");
    });
  }

  #lost() {
    this.transport = null;
    this.latency = null;
    this.#became("waiting");
    // A server that ended this namespace itself, such as for a plugin that was taken away, is not
    // tried again by the client library.
    if (!this.#socket.active) this.#tryLater();
  }

  #notConnected(error) {
    if (error.data?.code) {
      this.#became("idle");
      this.#tell("refused", error);
      return;
    }
    this.#became("waiting");
    if (!this.#socket.active) this.#tryLater();
  }

  #tryLater() {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.connect(), RETRY_AFTER);
  }

  #became(state) {
    this.state = state;
    this.#tell("state");
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
