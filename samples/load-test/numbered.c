/*
 * Numbered events, a part of sioload.c: who handled them, when, and in which order.
 *
 *   "numbered" n  ->  ack([last, version])
 *
 * where `last` is the number of the event that the same socket's handler saw before this one, which
 * the server keeps with the socket, and `version` a letter that tells two versions of the code apart.
 * Connections count from 1 each, so that a handler that ran twice, not at all or too early shows in
 * `last`, whatever the acks look like.
 *
 *   result mode=numbered conns= sent= lost= doubled= disordered= unanswered= dead= swaps=
 *       p50_us= p99_us= max_us=                   of all events
 *       near= near_p50_us= near_p99_us= near_max_us=   of those around a swap (--around)
 *       worst_p50_us= worst_p99_us= worst_max_us=      of the slowest event of each swap
 *
 * A swap is the first answer of the other version. Exit code 1 when one of the five counts is not 0.
 */

enum { NUMBERED_MAX = 1 << 23, SWAPS_MAX = 10000, QUIET_AFTER_SWAP_MS = 200 };

typedef struct {
  uint64_t sent_at, answered_at;   /* answered_at: 0 when it was not */
} Numbered;

static struct {
  Numbered *events;   /* event k is number k / conns + 1 of connection k % conns */
  uint64_t sent, answered, lost, doubled, disordered;
  uint64_t swaps[SWAPS_MAX];
  int swap_count;
  char version;
  uint64_t burst_at, burst_first;   /* 0: none under way, none answered */
} numbered;

static volatile sig_atomic_t enough, bursts_due;

static void on_enough(int signal) {
  (void)signal;
  enough = 1;
}

static void on_burst(int signal) {
  (void)signal;
  bursts_due++;
}

static void prepare_numbered(void) {
  numbered.events = or_die(calloc(NUMBERED_MAX, sizeof *numbered.events));
  signal(SIGTERM, on_enough);
  signal(SIGUSR1, on_burst);
  for (int i = 0; i < opt.conns; i++) conns[i].next = 1;
}

static void send_numbered(void) {
  if (numbered.sent == NUMBERED_MAX) {
    enough = 1;
    return;
  }
  Conn *c = &conns[numbered.sent % (uint64_t)opt.conns];
  unsigned long long number = numbered.sent / (uint64_t)opt.conns + 1;
  char packet[512];
  int n = snprintf(packet, sizeof packet, "42%s%s%llu[\"numbered\",%llu]", opt.namespace, comma(), number,
                   number);
  numbered.events[numbered.sent++].sent_at = now();
  send_text(c, packet, n);
}

/* Open loop: what is due by now, or a burst that was asked for. */
static void send_numbered_due(uint64_t since) {
  if (opt.burst == 0) {
    double due = (double)(now() - since) / SECOND_NS * opt.rate;
    while (!enough && (double)numbered.sent < due) send_numbered();
  } else if (bursts_due && !numbered.burst_at) {
    bursts_due--;
    numbered.burst_at = now();
    for (int i = 0; i < opt.burst * opt.conns; i++) send_numbered();
  }
}

static void end_burst(void) {
  if (!numbered.burst_at || numbered.answered < numbered.sent) return;
  printf("burst events=%d first_us=%llu last_us=%llu\n", opt.burst * opt.conns,
         (unsigned long long)(numbered.burst_first - numbered.burst_at) / 1000,
         (unsigned long long)(receive_time - numbered.burst_at) / 1000);
  fflush(stdout);
  numbered.burst_at = numbered.burst_first = 0;
}

/* What the former version still had in hand may be answered after the first answer of the new one. */
static void note_version(char version) {
  if (version == numbered.version) return;
  int count = numbered.swap_count;
  if (count > 0 && receive_time - numbered.swaps[count - 1] < (uint64_t)QUIET_AFTER_SWAP_MS * 1000000) return;
  if (numbered.version && count < SWAPS_MAX) numbered.swaps[numbered.swap_count++] = receive_time;
  numbered.version = version;
}

/* The packet is 43[/namespace,]number[[last,"version"]] */
static void on_numbered(Conn *c, const char *packet) {
  const char *from = packet + 2;
  char *end;
  size_t prefix = strlen(opt.namespace);
  if (prefix) from += prefix + 1;
  uint64_t number = strtoull(from, &end, 10);
  uint64_t k = (number - 1) * (uint64_t)opt.conns + (uint64_t)c->id;
  if (packet[1] != '3' || end[0] != '[' || end[1] != '[' || number == 0 || k >= numbered.sent) {
    fprintf(stderr, "%.*s\n", 200, packet);
    die(c, "answered with something else than what was sent");
    return;
  }
  uint64_t last = strtoull(end + 2, &end, 10);
  if (numbered.events[k].answered_at) {
    numbered.doubled++;
    return;
  }
  numbered.events[k].answered_at = receive_time;
  numbered.answered++;
  if (numbered.burst_at && !numbered.burst_first) numbered.burst_first = receive_time;
  if (last + 1 < number) numbered.lost += number - 1 - last;
  if (last == number) numbered.doubled++;
  if (last > number || number != c->next) numbered.disordered++;
  c->next = number + 1;
  if (end[0] == ',' && end[1] == '"') note_version(end[2]);
}

/* ---- the result ---- */

static void forget_latencies(void) { memset(&latency, 0, sizeof latency); }

static void print_latencies(const char *prefix) {
  printf(" %sp50_us=%.0f %sp99_us=%.0f %smax_us=%llu", prefix, percentile(.5), prefix, percentile(.99),
         prefix, (unsigned long long)latency.max);
}

static int up(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

/* Events whose time under way touches the time around a moment belong to it. */
static void print_around_moments(void) {
  static uint64_t worst[SWAPS_MAX];
  uint64_t around = (uint64_t)opt.around * 1000000, k = 0;
  forget_latencies();
  latency.on = 1;
  for (int i = 0; i < numbered.swap_count; i++) {
    worst[i] = 0;
    for (; k < numbered.sent && numbered.events[k].sent_at < numbered.swaps[i] + around; k++) {
      Numbered *e = &numbered.events[k];
      if (!e->answered_at || e->answered_at + around < numbered.swaps[i]) continue;
      uint64_t took = e->answered_at - e->sent_at;
      record(took);
      if (took > worst[i]) worst[i] = took;
    }
  }
  printf(" near=%llu", (unsigned long long)latency.count);
  print_latencies("near_");
  qsort(worst, (size_t)numbered.swap_count, sizeof *worst, up);
  int n = numbered.swap_count;
  printf(" worst_p50_us=%llu worst_p99_us=%llu worst_max_us=%llu", (unsigned long long)(n ? worst[n / 2] / 1000 : 0),
         (unsigned long long)(n ? worst[(n * 99 + 99) / 100 - 1] / 1000 : 0), (unsigned long long)(n ? worst[n - 1] / 1000 : 0));
}

static void spread_moments(void) {
  uint64_t first = numbered.events[0].sent_at, last = numbered.sent ? numbered.events[numbered.sent - 1].sent_at : first;
  for (numbered.swap_count = 0; numbered.swap_count < opt.moments; numbered.swap_count++)
    numbered.swaps[numbered.swap_count] = first + (last - first) / (uint64_t)opt.moments * (uint64_t)numbered.swap_count
                                          + (last - first) / (uint64_t)opt.moments / 2;
}

static int report_numbered(void) {
  uint64_t late = numbered.sent - numbered.answered;
  int swaps = numbered.swap_count;
  latency.on = 1;
  for (uint64_t k = 0; k < numbered.sent; k++)
    if (numbered.events[k].answered_at) record(numbered.events[k].answered_at - numbered.events[k].sent_at);
  printf("result mode=numbered conns=%d sent=%llu lost=%llu doubled=%llu disordered=%llu unanswered=%llu"
         " dead=%d swaps=%d", opt.conns, (unsigned long long)numbered.sent, (unsigned long long)numbered.lost,
         (unsigned long long)numbered.doubled, (unsigned long long)numbered.disordered,
         (unsigned long long)late, dead, swaps);
  print_latencies("");
  if (opt.moments) spread_moments();
  print_around_moments();
  printf("\n");
  return dead == 0 && !numbered.lost && !numbered.doubled && !numbered.disordered && !late && numbered.sent > 0;
}
