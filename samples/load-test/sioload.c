/*
 * sioload: a load generator that speaks Socket.IO v5 over Engine.IO v4 and WebSocket.
 *
 * One thread, one epoll, loopback only. It knows no server by name: every peer runs the same app,
 *
 *   "echo"    x  ->  emit("echo", x) to the sender
 *   "ackme"   x  ->  ack(x)
 *   "message" x  ->  emit("response", {"echo": x}) to everyone in the namespace
 *
 * and Dormouse's a fourth event, for which numbered.c stands.
 *
 * build   cc -O2 -o sioload sioload.c
 * usage   sioload --mode idle|echo|ack|bcast --port PORT [options]      (--help lists them)
 *
 * What it prints, one line each, key=value:
 *
 *   connected conns= failed= seconds= per_second=
 *   result mode=echo|ack conns= payload= per_second= p50_us= ... count= unanswered= dead=
 *   result mode=bcast ... per_second= (deliveries) broadcasts_per_second= disordered=
 *   result mode=idle conns= held= lost=
 *   burst events= first_us= last_us=
 *   result mode=numbered ...                                      (numbered.c has the rest)
 *   result mode=drain ...                                         (drain.c has the rest)
 *
 * Exit code 0: all connections lived and everything that was sent was answered, rightly.
 * 1: something of that is not so (the reason is on stderr). 2: the options make no sense.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

typedef enum { IDLE, ECHO, ACK, BCAST, NUMBERED, DRAIN } Mode;
static const char *const MODES[] = {"idle", "echo", "ack", "bcast", "numbered", "drain"};

static struct {
  Mode mode;
  const char *namespace, *path;
  int port, sender_port, conns, payload, window, batch, sources, burst, moments, around;
  int secs, warm, hold, connect_timeout, drain_timeout;
  double rate;
} opt = {.mode = ECHO, .namespace = "", .path = "/socket.io/", .port = 5000, .conns = 100,
         .payload = 100, .window = 1, .batch = 200, .sources = 1, .around = 100, .secs = 5, .warm = 1,
         .connect_timeout = 120, .drain_timeout = 10};

/* CONNECTING -> UPGRADING (HTTP sent) -> OPENING (101 came) -> JOINING (Engine.IO open)
 * -> READY (Socket.IO connected); DEAD from anywhere, or AWAY when it will be made anew (drain). */
typedef enum { CONNECTING, UPGRADING, OPENING, JOINING, READY, DEAD, AWAY } State;

typedef struct {
  uint8_t *bytes;
  size_t length, capacity;
} Buffer;

typedef struct {
  int fd, id, port;
  State state;
  Buffer rest;         /* the start of a frame whose end has not come yet */
  Buffer out;          /* what the socket did not take yet */
  size_t out_sent;
  uint64_t sent_at;    /* echo and ack: when the one in flight left; 0 when none is */
  uint64_t next;       /* bcast, numbered: the number that must come next */
} Conn;

enum { RX_SIZE = 1 << 18, MAX_PAYLOAD = 60000, IN_FLIGHT_MAX = 1 << 16, SECOND_NS = 1000000000 };

static int epoll_fd, ready, dead;
static Conn *conns;
static int running;               /* answers are followed by the next event */
static uint64_t receive_time;     /* of what is in rx */
static uint8_t rx[RX_SIZE + 1];   /* shared: a quiet connection holds no memory here */
static char padding[MAX_PAYLOAD];
static char answer_end[MAX_PAYLOAD + 4];   /* how every right echo and ack ends */

static struct {
  uint64_t sent, done, disordered;
  uint32_t *receivers;            /* by number modulo IN_FLIGHT_MAX: how many have it */
} broadcasts;

/* ---- time and memory ---- */

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * SECOND_NS + (uint64_t)t.tv_nsec;
}

static uint64_t seconds(int n) { return (uint64_t)n * SECOND_NS; }

static void *or_die(void *allocated) {
  if (!allocated) {
    perror("sioload");
    exit(1);
  }
  return allocated;
}

static void append(Buffer *buffer, const void *bytes, size_t n) {
  if (buffer->length + n > buffer->capacity) {
    buffer->capacity = (buffer->length + n) * 2;
    buffer->bytes = or_die(realloc(buffer->bytes, buffer->capacity));
  }
  memcpy(buffer->bytes + buffer->length, bytes, n);
  buffer->length += n;
}

static void release(Buffer *buffer) {
  free(buffer->bytes);
  *buffer = (Buffer){0};
}

/* ---- latencies: microseconds, exact below 64, then 32 buckets for each power of two ---- */

enum { BUCKETS = 2048 };

static struct {
  int on;
  uint64_t buckets[BUCKETS], count, max;
} latency;

static int bucket_of(uint64_t us) {
  if (us < 64) return (int)us;
  int power = 63 - __builtin_clzll(us);
  int bucket = (power - 4) * 32 + (int)(us >> (power - 5) & 31);
  return bucket < BUCKETS ? bucket : BUCKETS - 1;
}

static double bucket_start(int bucket) {
  if (bucket < 64) return bucket;
  return (double)((uint64_t)(32 + bucket % 32) << (bucket / 32 - 1));
}

static void record(uint64_t nanos) {
  if (!latency.on) return;
  uint64_t us = nanos / 1000;
  latency.buckets[bucket_of(us)]++;
  latency.count++;
  if (us > latency.max) latency.max = us;
}

static double percentile(double p) {
  uint64_t below = (uint64_t)(p * (double)latency.count), seen = 0;
  for (int i = 0; i < BUCKETS; i++) {
    seen += latency.buckets[i];
    if (seen > below) return bucket_start(i);
  }
  return 0;
}

/* ---- out: bytes, WebSocket frames, packets ---- */

static void watch(Conn *c, int op, uint32_t events) {
  struct epoll_event event = {.events = events, .data.ptr = c};
  epoll_ctl(epoll_fd, op, c->fd, &event);
}

static int goes_away(Conn *c, int said_goodbye);

static int is_over(const Conn *c) { return c->state >= DEAD; }

static void die(Conn *c, const char *why) {
  if (is_over(c) || (opt.mode == DRAIN && goes_away(c, 0))) return;
  if (dead < 3) {
    static const char *const STATES[] = {"connecting", "upgrading", "opening", "joining", "ready"};
    fprintf(stderr, "connection %d died while %s: %s\n", c->id, STATES[c->state], why);
  }
  if (c->state == READY) ready--;
  c->state = DEAD;
  dead++;
  close(c->fd);
  release(&c->rest);
  release(&c->out);
}

static void flush(Conn *c) {
  while (c->out_sent < c->out.length) {
    ssize_t n = send(c->fd, c->out.bytes + c->out_sent, c->out.length - c->out_sent, MSG_NOSIGNAL);
    if (n < 0 && errno == EAGAIN) {
      watch(c, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
      return;
    }
    if (n < 0) {
      die(c, strerror(errno));
      return;
    }
    c->out_sent += (size_t)n;
  }
  c->out.length = c->out_sent = 0;
  if (opt.mode == IDLE) release(&c->out);
}

/* Clients must mask; the key 0 is a legal mask, costs us nothing and the server its usual work. */
static void send_frame(Conn *c, int opcode, const void *bytes, size_t n) {
  uint8_t head[12] = {(uint8_t)(0x80 | opcode)};   /* n is below 65536: MAX_PAYLOAD and a little */
  size_t size = 2;
  if (n < 126) {
    head[1] = (uint8_t)(0x80 | n);
  } else {
    head[1] = 0x80 | 126;
    head[2] = (uint8_t)(n >> 8);
    head[3] = (uint8_t)n;
    size = 4;
  }
  append(&c->out, head, size + 4);
  append(&c->out, bytes, n);
  flush(c);
}

static void send_text(Conn *c, const char *text, int n) { send_frame(c, 1, text, (size_t)n); }

static const char *comma(void) { return *opt.namespace ? "," : ""; }

static int join_with_pid(Conn *c, char *packet, size_t size);

static void send_join(Conn *c) {
  char packet[2048];
  int n = opt.mode == DRAIN ? join_with_pid(c, packet, sizeof packet)
                            : snprintf(packet, sizeof packet, "40%s%s", opt.namespace, comma());
  send_text(c, packet, n);
}

static void send_one(Conn *c) {
  char packet[MAX_PAYLOAD + 1024];
  int ack = opt.mode == ACK;
  int n = snprintf(packet, sizeof packet, "42%s%s%s[\"%s\",\"%.*s\"]", opt.namespace, comma(),
                   ack ? "1" : "", ack ? "ackme" : "echo", opt.payload, padding);
  c->sent_at = now();
  send_text(c, packet, n);
}

static Conn *sender(void) { return &conns[opt.conns - 1]; }

static void send_broadcast(void) {
  char packet[MAX_PAYLOAD + 1024];
  unsigned long long number = broadcasts.sent++, at = now();
  int pad = opt.payload > 30 ? opt.payload - 30 : 0;   /* number and time take about 30 */
  int n = snprintf(packet, sizeof packet, "42%s%s[\"message\",\"%llu:%llu:%.*s\"]", opt.namespace,
                   comma(), number, at, pad, padding);
  broadcasts.receivers[number % IN_FLIGHT_MAX] = 0;
  send_text(sender(), packet, n);
}

static void dial(Conn *c);
static void pump(int timeout_ms);

#include "numbered.c"
#include "drain.c"

/* ---- in: packets ---- */

static void on_answer(Conn *c, const char *packet, size_t n) {
  size_t end = (size_t)opt.payload + 3;
  if (packet[1] != (opt.mode == ACK ? '3' : '2') || n < end
      || memcmp(packet + n - end, answer_end, end) != 0) {
    die(c, "answered with something else than what was sent");
    return;
  }
  if (!c->sent_at) return;
  record(receive_time - c->sent_at);
  c->sent_at = 0;
  if (running) send_one(c);
}

static void on_broadcast(Conn *c, const char *packet, size_t n) {
  static const char KEY[] = "\"echo\":";
  const char *value = memmem(packet, n, KEY, sizeof KEY - 1);
  if (!value) {
    die(c, "got an event that is no broadcast");
    return;
  }
  value += sizeof KEY - 1;
  while (*value == ' ' || *value == '"') value++;
  char *colon;
  uint64_t number = strtoull(value, &colon, 10);
  uint64_t at = *colon == ':' ? strtoull(colon + 1, NULL, 10) : 0;
  if (!at || number >= broadcasts.sent) {
    die(c, "got a broadcast that was never sent");
    return;
  }
  record(receive_time - at);
  if (number != c->next) broadcasts.disordered++;
  c->next = number + 1;
  if (++broadcasts.receivers[number % IN_FLIGHT_MAX] == (uint32_t)opt.conns) {
    broadcasts.done++;
    if (running && opt.rate == 0) send_broadcast();
  }
}

/* The packet is followed by a zero byte. */
static void on_packet(Conn *c, const char *packet, size_t n) {
  if (n >= 1 && packet[0] == '2') {
    send_text(c, "3", 1);
  } else if (n >= 1 && packet[0] == '0' && c->state == OPENING) {
    c->state = JOINING;
    send_join(c);
  } else if (n < 2 || packet[0] != '4') {
    return;
  } else if (c->state == JOINING && packet[1] == '0') {
    c->state = READY;
    ready++;
    if (opt.mode == DRAIN) on_joined(c, packet);
  } else if (c->state == JOINING && packet[1] == '4') {
    die(c, "the server refused the namespace");
  } else if (packet[1] == '1') {
    die(c, "disconnected from the namespace by the server");
  } else if (c->state == READY && (opt.mode == ECHO || opt.mode == ACK)) {
    on_answer(c, packet, n);
  } else if (c->state == READY && opt.mode == BCAST) {
    on_broadcast(c, packet, n);
  } else if (c->state == READY && opt.mode == NUMBERED) {
    on_numbered(c, packet);
  } else if (c->state == READY && opt.mode == DRAIN) {
    on_broadcast_of_drain(c, packet);
  }
}

/* ---- in: WebSocket frames and the HTTP answer before them ---- */

/* Returns the bytes consumed; 0 when the frame is not whole. */
static size_t one_frame(Conn *c, uint8_t *bytes, size_t n) {
  if (n < 2) return 0;
  size_t head = 2;
  uint64_t length = bytes[1] & 127;
  if (length >= 126) {
    head = length == 126 ? 4 : 10;
    if (n < head) return 0;
    length = 0;
    for (size_t i = 2; i < head; i++) length = length << 8 | bytes[i];
  }
  if (bytes[1] & 0x80 || length > RX_SIZE - head) {
    die(c, bytes[1] & 0x80 ? "masked frame from the server" : "frame too long");
    return 0;
  }
  if (n < head + length) return 0;
  uint8_t *payload = bytes + head, *end = payload + length, after = *end;
  *end = 0;
  switch (bytes[0] & 15) {
    case 1: on_packet(c, (char *)payload, length); break;
    case 8:
      send_frame(c, 8, payload, length < 2 ? 0 : 2);
      if (is_over(c) || (opt.mode == DRAIN && goes_away(c, 1))) break;
      die(c, "WebSocket close from the server");
      break;
    case 9: send_frame(c, 10, payload, length); break;
  }
  *end = after;
  return head + length;
}

/* Returns the bytes consumed; 0 when the answer's head is not whole. */
static size_t http_answer(Conn *c, uint8_t *bytes, size_t n) {
  uint8_t *end = memmem(bytes, n, "\r\n\r\n", 4);
  if (!end) return 0;
  static const char OK[] = "HTTP/1.1 101";
  if (n < sizeof OK - 1 || memcmp(bytes, OK, sizeof OK - 1) != 0) {
    if (dead < 3 && opt.mode != DRAIN) fprintf(stderr, "%.*s\n", (int)(n < 200 ? n : 200), (char *)bytes);
    die(c, "the upgrade was not answered with 101");
    return 0;
  }
  c->state = OPENING;
  return (size_t)(end + 4 - bytes);
}

static void read_some(Conn *c) {
  size_t old = c->rest.length;
  if (old) memcpy(rx, c->rest.bytes, old);
  ssize_t got = recv(c->fd, rx + old, RX_SIZE - old, 0);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) {
    die(c, got ? strerror(errno) : "closed by the server");
    return;
  }
  receive_time = now();
  size_t length = old + (size_t)got, offset = 0;
  while (!is_over(c)) {
    size_t used = c->state == UPGRADING ? http_answer(c, rx + offset, length - offset)
                                        : one_frame(c, rx + offset, length - offset);
    if (!used) break;
    offset += used;
  }
  c->rest.length = 0;
  if (!is_over(c) && offset < length) append(&c->rest, rx + offset, length - offset);
  if (opt.mode == IDLE && !c->rest.length) release(&c->rest);
}

/* ---- connections ---- */

static void dial(Conn *c) {
  int yes = 1;
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (c->fd < 0) {
    die(c, strerror(errno));
    return;
  }
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (opt.sources > 1) {   /* 127.0.0.1, .2 …: one address has no more than some 28,000 ports */
    struct sockaddr_in from = {.sin_family = AF_INET};
    from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + (uint32_t)(c->id % opt.sources));
    setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    bind(c->fd, (struct sockaddr *)&from, sizeof from);
  }
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)c->port)};
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(c->fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS) {
    die(c, strerror(errno));
    return;
  }
  watch(c, EPOLL_CTL_ADD, EPOLLIN | EPOLLOUT);
}

static void upgrade(Conn *c) {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error) {
    die(c, strerror(error));
    return;
  }
  char request[1024];
  int n = snprintf(request, sizeof request,
                   "GET %s?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                   "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", opt.path, c->port);
  c->state = UPGRADING;
  append(&c->out, request, (size_t)n);
}

static void on_writable(Conn *c) {
  if (c->state == CONNECTING) upgrade(c);
  if (is_over(c)) return;
  flush(c);
  if (!is_over(c) && !c->out.length) watch(c, EPOLL_CTL_MOD, EPOLLIN);
}

static void pump(int timeout_ms) {
  static struct epoll_event events[1024];
  int n = epoll_wait(epoll_fd, events, 1024, timeout_ms);
  for (int i = 0; i < n; i++) {
    Conn *c = events[i].data.ptr;
    if (!is_over(c) && events[i].events & EPOLLOUT) on_writable(c);
    if (!is_over(c) && events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) read_some(c);
  }
}

/* ---- phases ---- */

/* Opens all connections, opt.batch at a time; 0 when one failed or time was up. */
static int connect_all(void) {
  uint64_t start = now(), limit = start + seconds(opt.connect_timeout);
  int dialed = 0;
  while (dead == 0 && ready < opt.conns && now() < limit) {
    for (; dialed < opt.conns && dialed - ready < opt.batch; dialed++) {
      Conn *c = &conns[dialed];
      c->id = dialed;
      c->port = opt.sender_port && c == sender() ? opt.sender_port : opt.port;
      dial(c);
    }
    pump(100);
  }
  double took = (double)(now() - start) / SECOND_NS;
  printf("connected conns=%d failed=%d seconds=%.2f per_second=%.0f\n", ready, opt.conns - ready,
         took, ready / took);
  fflush(stdout);
  if (dead == 0 && ready < opt.conns)
    fprintf(stderr, "%d s were too short for %d connections\n", opt.connect_timeout, opt.conns);
  return ready == opt.conns;
}

static int hold(void) {
  for (uint64_t end = now() + seconds(opt.hold); now() < end;) pump(100);
  printf("result mode=idle conns=%d held=%d lost=%d\n", opt.conns, ready, dead);
  return dead == 0;
}

static void start_load(void) {
  running = 1;
  if (opt.mode != BCAST) {
    for (int i = 0; i < opt.conns; i++) send_one(&conns[i]);
  } else if (opt.rate == 0) {
    for (int i = 0; i < opt.window; i++) send_broadcast();
  }
}

/* Open loop: as many as are due by now, whether or not the earlier ones have arrived. */
static void send_due(uint64_t since) {
  double due = (double)(now() - since) / SECOND_NS * opt.rate;
  while ((double)broadcasts.sent < due
         && broadcasts.sent - broadcasts.done < IN_FLIGHT_MAX) send_broadcast();
}

static uint64_t unanswered(void) {
  if (opt.mode == BCAST) return broadcasts.sent - broadcasts.done;
  uint64_t n = 0;
  for (int i = 0; i < opt.conns; i++) n += conns[i].sent_at != 0;
  return n;
}

static void run_until(uint64_t end, uint64_t began) {
  while (dead == 0 && now() < end) {
    if (opt.rate > 0) send_due(began);
    pump(opt.rate > 0 ? 0 : 20);
  }
}

static int measure_numbered(void) {
  uint64_t began = now();
  while (dead == 0 && !enough && now() < began + seconds(opt.secs)) {
    send_numbered_due(began);
    pump(opt.burst > 0 ? 20 : 1);
    end_burst();
  }
  for (uint64_t end = now() + seconds(opt.drain_timeout);
       dead == 0 && numbered.answered < numbered.sent && now() < end;) pump(20);
  return report_numbered();
}

static int measure(void) {
  uint64_t began = now();
  start_load();
  run_until(began + seconds(opt.warm), began);

  uint64_t start = now(), done_before = broadcasts.done;
  latency.on = 1;
  run_until(start + seconds(opt.secs), began);
  latency.on = 0;
  double took = (double)(now() - start) / SECOND_NS;
  uint64_t done = broadcasts.done - done_before;

  running = 0;   /* what is in flight may still arrive: silence would hide a lost event */
  for (uint64_t end = now() + seconds(opt.drain_timeout); dead == 0 && unanswered() && now() < end;)
    pump(20);

  printf("result mode=%s conns=%d payload=%d per_second=%.0f p50_us=%.0f p90_us=%.0f p99_us=%.0f"
         " p999_us=%.0f max_us=%llu count=%llu unanswered=%llu dead=%d", MODES[opt.mode], opt.conns,
         opt.payload, (double)latency.count / took, percentile(.5), percentile(.9), percentile(.99),
         percentile(.999), (unsigned long long)latency.max, (unsigned long long)latency.count,
         (unsigned long long)unanswered(), dead);
  if (opt.mode == BCAST)
    printf(" window=%d broadcasts_per_second=%.0f disordered=%llu", opt.rate > 0 ? 0 : opt.window,
           (double)done / took, (unsigned long long)broadcasts.disordered);
  printf("\n");
  /* An open loop may ask for more than a server can do: what is late then is a finding, no fault. */
  int late = unanswered() && opt.rate == 0;
  if (late) fprintf(stderr, "%llu events were not answered\n", (unsigned long long)unanswered());
  if (broadcasts.disordered) fprintf(stderr, "broadcasts arrived out of order\n");
  return dead == 0 && !late && !broadcasts.disordered && latency.count > 0;
}

/* ---- options ---- */

static const char HELP[] =
    "usage: sioload --mode idle|echo|ack|bcast|numbered|drain --port PORT [options]\n"
    "\n"
    "  --mode idle     opens the connections and holds them\n"
    "  --mode echo     each connection keeps one echo in flight\n"
    "  --mode ack      each connection keeps one acked event in flight\n"
    "  --mode bcast    one more connection sends, all receive, --window broadcasts in flight\n"
    "  --mode numbered the connections send numbered events in turn, and check who handled them when;\n"
    "                  SIGTERM ends it early\n"
    "  --mode drain    one more connection, on --sender-port, broadcasts --rate numbered events a second;\n"
    "                  the others come back there when --port sends them away, within --secs\n"
    "\n"
    "  --port N             on 127.0.0.1 (5000)\n"
    "  --conns N            connections (100)\n"
    "  --secs N             measured time (5), after --warm N unmeasured seconds (1)\n"
    "  --payload N          bytes of a text, at most 60000 (100)\n"
    "  --window N           bcast: broadcasts in flight (1)\n"
    "  --rate X             bcast: open loop of X broadcasts a second, in place of the window;\n"
    "                       numbered: events a second of all connections\n"
    "  --burst N            numbered: no rate; at each SIGUSR1 every connection sends N at once\n"
    "  --around N           numbered: milliseconds before and after a swap that are told apart (100)\n"
    "  --moments N          numbered: N evenly spread moments in the place of swaps\n"
    "  --sender-port N      bcast: the sender connects to another host\n"
    "  --hold N             idle: seconds to hold (0)\n"
    "  --ns NAME            namespace, such as /chat (/)\n"
    "  --path PATH          Engine.IO's path (/socket.io/)\n"
    "  --batch N            connections being opened at a time (200)\n"
    "  --srcs N             source addresses, 127.0.0.1 and up (1)\n"
    "  --connect-timeout N  seconds until all must be connected (120)\n"
    "  --drain-timeout N    seconds for the last answers to arrive (10)\n"
    "\n"
    "exit code: 0 all answered, 1 not so, 2 bad options\n";

enum { HELP_OPTION = 256, CONNECT_TIMEOUT, DRAIN_TIMEOUT, SENDER_PORT, BURST, AROUND, MOMENTS };

static const struct option LONG[] = {
    {"mode", 1, 0, 'm'}, {"port", 1, 0, 'p'}, {"conns", 1, 0, 'n'}, {"secs", 1, 0, 's'},
    {"warm", 1, 0, 'W'}, {"payload", 1, 0, 'l'}, {"window", 1, 0, 'w'}, {"rate", 1, 0, 'r'},
    {"sender-port", 1, 0, SENDER_PORT}, {"burst", 1, 0, BURST}, {"around", 1, 0, AROUND},
    {"moments", 1, 0, MOMENTS}, {"hold", 1, 0, 'h'}, {"ns", 1, 0, 'N'},
    {"path", 1, 0, 'u'}, {"batch", 1, 0, 'b'}, {"srcs", 1, 0, 'S'},
    {"connect-timeout", 1, 0, CONNECT_TIMEOUT}, {"drain-timeout", 1, 0, DRAIN_TIMEOUT},
    {"help", 0, 0, HELP_OPTION}, {0}};

static void refuse(const char *what, const char *value) {
  fprintf(stderr, "sioload: %s, was '%s'; --help lists the options\n", what, value);
  exit(2);
}

static int number(const char *text, int least, int most) {
  char *end;
  errno = 0;
  long n = strtol(text, &end, 10);
  if (errno || end == text || *end || n < least || n > most) {
    char what[64];
    snprintf(what, sizeof what, "a number from %d to %d is wanted", least, most);
    refuse(what, text);
  }
  return (int)n;
}

static Mode mode_named(const char *name) {
  for (int i = IDLE; i <= DRAIN; i++)
    if (!strcmp(name, MODES[i])) return (Mode)i;
  refuse("--mode is idle, echo, ack, bcast, numbered or drain", name);
  return IDLE;
}

static const char *short_text(const char *text) {
  if (strlen(text) > 200) refuse("at most 200 characters", text);
  return text;
}

static void parse(int argc, char **argv) {
  int o;
  while ((o = getopt_long(argc, argv, "", LONG, NULL)) != -1) switch (o) {
    case 'm': opt.mode = mode_named(optarg); break;
    case 'p': opt.port = number(optarg, 1, 65535); break;
    case 'n': opt.conns = number(optarg, 1, 1000000); break;
    case 's': opt.secs = number(optarg, 1, 86400); break;
    case 'W': opt.warm = number(optarg, 0, 86400); break;
    case 'l': opt.payload = number(optarg, 0, MAX_PAYLOAD); break;
    case 'w': opt.window = number(optarg, 1, IN_FLIGHT_MAX); break;
    case 'r': opt.rate = number(optarg, 1, 1000000); break;
    case 'h': opt.hold = number(optarg, 0, 86400); break;
    case 'N': opt.namespace = strcmp(optarg, "/") ? short_text(optarg) : ""; break;
    case 'u': opt.path = short_text(optarg); break;
    case 'b': opt.batch = number(optarg, 1, 100000); break;
    case 'S': opt.sources = number(optarg, 1, 250); break;
    case BURST: opt.burst = number(optarg, 1, 1000); break;
    case AROUND: opt.around = number(optarg, 1, 10000); break;
    case MOMENTS: opt.moments = number(optarg, 1, 10000); break;
    case SENDER_PORT: opt.sender_port = number(optarg, 1, 65535); break;
    case CONNECT_TIMEOUT: opt.connect_timeout = number(optarg, 1, 3600); break;
    case DRAIN_TIMEOUT: opt.drain_timeout = number(optarg, 0, 3600); break;
    case HELP_OPTION: fputs(HELP, stdout); exit(0);
    default: exit(2);
  }
  if (optind < argc) refuse("no arguments beside the options are known", argv[optind]);
  if (opt.mode != BCAST && opt.mode != NUMBERED && opt.mode != DRAIN) opt.rate = 0;
  if (opt.mode == NUMBERED && (opt.rate > 0) == (opt.burst > 0))
    refuse("--mode numbered wants --rate or --burst", "both or none");
  if (opt.mode == DRAIN && (!opt.sender_port || opt.rate == 0))
    refuse("--mode drain wants --sender-port and --rate", "none");
}

static void prepare(void) {
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  memset(padding, 'x', sizeof padding);
  snprintf(answer_end, sizeof answer_end, "\"%.*s\"]", opt.payload, padding);
  if (opt.mode == BCAST || opt.mode == DRAIN) opt.conns++;   /* the sender, who receives too */
  conns = or_die(calloc((size_t)opt.conns, sizeof *conns));
  broadcasts.receivers = or_die(calloc(IN_FLIGHT_MAX, sizeof *broadcasts.receivers));
  if (opt.mode == NUMBERED) prepare_numbered();
  if (opt.mode == DRAIN) prepare_drain();
  epoll_fd = epoll_create1(0);
}

int main(int argc, char **argv) {
  parse(argc, argv);
  prepare();
  if (!connect_all()) return 1;
  if (opt.mode == NUMBERED) return measure_numbered() ? 0 : 1;
  if (opt.mode == DRAIN) return measure_drain() ? 0 : 1;
  return (opt.mode == IDLE ? hold() : measure()) ? 0 : 1;
}
