/*
 * Clients whose host drains, a part of sioload.c: how fast they are sent away, how often they have to
 * come back, and what they miss of numbered broadcasts.
 *
 * All connections but the sender begin on --port and come back on --sender-port, where the sender is;
 * each as the official JavaScript client does: 0.5 to 1.5 s after its connection ended, then later
 * and later. They show the pid and the offset that they were given, so that a host with recovery gives
 * them what they missed.
 *
 *   second n= closed= back= away=                     since the first one was sent away
 *   result mode=drain conns= moved= reconnects= most_reconnects= attempts= broken= recovered=
 *       sent= lost= doubled= back_p50_us= back_max_us= dead=
 *
 * broken: connections that ended without a close frame. lost and doubled are of all broadcasts that
 * were sent, counted by each client when all are back and nothing comes any more. Exit code 1 when one
 * of them is not 0, or somebody is not back.
 */

enum { PID_MAX = 64, OFFSET_MAX = 512, SECONDS_MAX = 3600, SETTLED_SECONDS = 2 };

typedef struct {
  char pid[PID_MAX], offset[OFFSET_MAX];
  uint64_t away_since, again_at, next;
  int attempts, reconnects;
} Mover;

static struct {
  Mover *movers;
  uint64_t first_close, settled_since, lost, doubled;
  int on, away, moved, broken, recovered, attempts, told;
  int closed[SECONDS_MAX], back[SECONDS_MAX];
} drain;

static Mover *mover(Conn *c) { return &drain.movers[c->id]; }

static void prepare_drain(void) {
  drain.movers = or_die(calloc((size_t)opt.conns, sizeof *drain.movers));
  srand((unsigned)now());
}

static int second_of(uint64_t at) {
  uint64_t second = (at - drain.first_close) / SECOND_NS;
  return second < SECONDS_MAX ? (int)second : SECONDS_MAX - 1;
}

static uint64_t delay_before(int attempts) {
  double delay = 1.0;
  for (int i = 0; i < attempts && delay < 5; i++) delay *= 2;
  if (delay > 5) delay = 5;
  return (uint64_t)(delay * (0.5 + rand() / (double)RAND_MAX) * SECOND_NS);
}

/* A connection has ended; 1 when it will be made anew. */
static int goes_away(Conn *c, int said_goodbye) {
  Mover *m = mover(c);
  if (!drain.on || c == sender()) return 0;
  uint64_t at = now();
  if (c->state == READY) {
    ready--;
    drain.away++;
    m->away_since = at;
    m->attempts = 0;
    if (!drain.first_close) drain.first_close = at;
    drain.closed[second_of(at)]++;
    if (!said_goodbye) drain.broken++;
  }
  c->state = AWAY;
  close(c->fd);
  release(&c->rest);
  release(&c->out);
  c->out_sent = 0;
  m->again_at = at + delay_before(m->attempts);
  return 1;
}

static void come_back_due(void) {
  uint64_t at = now();
  for (int i = 0; drain.away && i < opt.conns; i++) {
    Conn *c = &conns[i];
    if (c->state != AWAY || at < mover(c)->again_at) continue;
    mover(c)->attempts++;
    drain.attempts++;
    c->state = CONNECTING;
    c->port = opt.sender_port;
    dial(c);
  }
}

static void copy_text(char *to, size_t size, const char *from, const char *end) {
  size_t n = (size_t)(end - from);
  if (n >= size) n = 0;
  memcpy(to, from, n);
  to[n] = 0;
}

/* 40/namespace,{"sid":"…","pid":"…"}: it is in. */
static void on_joined(Conn *c, const char *packet) {
  static const char KEY[] = "\"pid\":\"";
  Mover *m = mover(c);
  char pid[PID_MAX] = "";
  const char *value = strstr(packet, KEY);
  if (value) {
    value += sizeof KEY - 1;
    copy_text(pid, sizeof pid, value, value + strcspn(value, "\""));
  }
  if (m->away_since) {
    drain.away--;
    drain.moved += m->reconnects == 0;
    m->reconnects++;
    drain.recovered += *pid && !strcmp(pid, m->pid);
    drain.back[second_of(receive_time)]++;
    latency.on = 1;
    record(receive_time - m->away_since);
    m->away_since = 0;
  }
  strcpy(m->pid, pid);
}

static int join_with_pid(Conn *c, char *packet, size_t size) {
  Mover *m = mover(c);
  if (!*m->pid) return snprintf(packet, size, "40%s%s", opt.namespace, comma());
  return snprintf(packet, size, "40%s%s{\"pid\":\"%s\",\"offset\":\"%s\"}", opt.namespace, comma(), m->pid,
                  m->offset);
}

/* 42/namespace,["response",{"echo":"number:time:…"},"offset"] */
static void on_broadcast_of_drain(Conn *c, const char *packet) {
  static const char KEY[] = "\"echo\":\"";
  Mover *m = mover(c);
  const char *value = strstr(packet, KEY);
  if (!value) {
    die(c, "got an event that is no broadcast");
    return;
  }
  uint64_t number = strtoull(value + sizeof KEY - 1, NULL, 10);
  const char *offset = strstr(value, "\"},\"");
  if (offset) {
    offset += 4;
    copy_text(m->offset, sizeof m->offset, offset, offset + strcspn(offset, "\""));
  }
  if (number < m->next) {
    drain.doubled++;
    return;
  }
  drain.lost += number - m->next;
  m->next = number + 1;
}

static void tell_seconds(uint64_t at) {
  if (!drain.first_close) return;
  for (; drain.told < second_of(at); drain.told++) {
    printf("second n=%d closed=%d back=%d away=%d\n", drain.told, drain.closed[drain.told],
           drain.back[drain.told], drain.away);
    fflush(stdout);
  }
}

static int is_settled(uint64_t at) {
  if (drain.moved < opt.conns - 1 || drain.away) {
    drain.settled_since = 0;
    return 0;
  }
  if (!drain.settled_since) drain.settled_since = at;
  return at - drain.settled_since > seconds(SETTLED_SECONDS);
}

static uint64_t missing_at_the_end(void) {
  uint64_t missing = 0;
  for (int i = 0; i < opt.conns; i++) missing += broadcasts.sent - drain.movers[i].next;
  return missing;
}

static int measure_drain(void) {
  uint64_t began = now(), at = began;
  drain.on = 1;
  while (dead == 0 && at < began + seconds(opt.secs) && !is_settled(at)) {
    if ((double)broadcasts.sent < (double)(at - began) / SECOND_NS * opt.rate) send_broadcast();
    come_back_due();
    pump(2);
    at = now();
    tell_seconds(at);
  }
  for (uint64_t end = at + seconds(opt.drain_timeout); dead == 0 && missing_at_the_end() && at < end;
       at = now()) {
    come_back_due();
    pump(20);
  }
  int reconnects = 0, most = 0;
  for (int i = 0; i < opt.conns; i++) {
    reconnects += drain.movers[i].reconnects;
    if (drain.movers[i].reconnects > most) most = drain.movers[i].reconnects;
  }
  drain.lost += missing_at_the_end();
  printf("result mode=drain conns=%d moved=%d reconnects=%d most_reconnects=%d attempts=%d broken=%d"
         " recovered=%d sent=%llu lost=%llu doubled=%llu back_p50_us=%.0f back_max_us=%llu dead=%d\n",
         opt.conns - 1, drain.moved, reconnects, most, drain.attempts, drain.broken, drain.recovered,
         (unsigned long long)broadcasts.sent, (unsigned long long)drain.lost,
         (unsigned long long)drain.doubled, percentile(.5), (unsigned long long)latency.max, dead);
  return dead == 0 && !drain.lost && !drain.doubled && !drain.broken && drain.moved == opt.conns - 1;
}
