/*
 * limit: what this machine allows, to divide the peers by. It is no Socket.IO server.
 *
 * One thread, one epoll, no checks: it answers sioload's three events and nothing else, all
 * broadcasts of one turn of the loop with a single send() for each connection. No heartbeats:
 * connections live as long as the client likes.
 *
 * build   cc -O2 -o limit limit.c
 * usage   limit PORT      (on 127.0.0.1; exit code 1 when the port is taken, 2 without a port)
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
  int fd, place, upgraded;
  uint8_t *rest;   /* the start of a frame or request whose end has not come yet */
  size_t rest_length;
} Conn;

enum { RX_SIZE = 1 << 18, OUT_SIZE = 1 << 20, CONNS_MAX = 1 << 17 };

static uint8_t rx[RX_SIZE + 1], reply[OUT_SIZE], broadcast[OUT_SIZE];
static size_t reply_length, broadcast_length;
static Conn *conns[CONNS_MAX];
static int epoll_fd, listener, count;

static void send_all(int fd, const void *bytes, size_t n) {
  if (send(fd, bytes, n, MSG_NOSIGNAL) < 0) return;   /* gone: recv tells */
}

static void flush_broadcasts(void) {
  for (int i = 0; broadcast_length && i < count; i++)
    if (conns[i]->upgraded) send_all(conns[i]->fd, broadcast, broadcast_length);
  broadcast_length = 0;
}

/* Writes a text frame around two pieces and a tail; what does not fit is dropped. */
static size_t frame(uint8_t *out, size_t used, const char *start, const char *middle, size_t n,
                    const char *tail) {
  size_t a = strlen(start), b = strlen(tail), length = a + n + b, head = length < 126 ? 2 : 4;
  if (length > 65535 || used + head + length > OUT_SIZE) return used;
  uint8_t *at = out + used;
  at[0] = 0x81;
  at[1] = length < 126 ? (uint8_t)length : 126;
  if (head == 4) {
    at[2] = (uint8_t)(length >> 8);
    at[3] = (uint8_t)length;
  }
  memcpy(at + head, start, a);
  memcpy(at + head + a, middle, n);
  memcpy(at + head + a + n, tail, b);
  return used + head + length;
}

static int starts(const char *packet, size_t n, const char *with) {
  size_t k = strlen(with);
  return n >= k && memcmp(packet, with, k) == 0;
}

static void on_packet(const char *packet, size_t n) {
  if (starts(packet, n, "42[\"echo\",")) {
    reply_length = frame(reply, reply_length, "", packet, n, "");
  } else if (starts(packet, n, "421[\"ackme\",")) {
    reply_length = frame(reply, reply_length, "431[", packet + 12, n - 12, "");
  } else if (starts(packet, n, "42[\"message\",")) {
    if (broadcast_length > OUT_SIZE / 2) flush_broadcasts();
    broadcast_length = frame(broadcast, broadcast_length, "42[\"response\",{\"echo\":", packet + 13,
                             n - 14, "}]");
  } else if (starts(packet, n, "40")) {
    reply_length = frame(reply, reply_length, "40{\"sid\":\"x\"}", "", 0, "");
  }
}

/* Returns the bytes consumed; 0 when the frame is not whole. The mask is sioload's: zero. */
static size_t one_frame(uint8_t *bytes, size_t n) {
  if (n < 6) return 0;
  size_t length = bytes[1] & 127, head = 6;
  if (length == 126) {
    if (n < 8) return 0;
    length = (size_t)(bytes[2] << 8 | bytes[3]);
    head = 8;
  }
  if (n < head + length) return 0;
  if ((bytes[0] & 15) == 1) on_packet((char *)bytes + head, length);
  return head + length;
}

static size_t one_request(Conn *c, const uint8_t *bytes, size_t n) {
  static const char ANSWER[] =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
  const uint8_t *end = memmem(bytes, n, "\r\n\r\n", 4);
  if (!end) return 0;
  c->upgraded = 1;
  memcpy(reply, ANSWER, sizeof ANSWER - 1);
  reply_length = frame(reply, sizeof ANSWER - 1,
                       "0{\"sid\":\"x\",\"upgrades\":[],\"pingInterval\":25000,"
                       "\"pingTimeout\":20000,\"maxPayload\":1000000}", "", 0, "");
  return (size_t)(end + 4 - bytes);
}

static void leave(Conn *c) {
  conns[c->place] = conns[--count];
  conns[c->place]->place = c->place;
  close(c->fd);
  free(c->rest);
  free(c);
}

static void keep_rest(Conn *c, const uint8_t *bytes, size_t n) {
  free(c->rest);
  c->rest = n ? malloc(n) : NULL;
  if (c->rest) memcpy(c->rest, bytes, n);
  c->rest_length = c->rest ? n : 0;
}

static void on_readable(Conn *c) {
  size_t old = c->rest_length;
  if (old) memcpy(rx, c->rest, old);
  ssize_t got = recv(c->fd, rx + old, RX_SIZE - old, 0);
  if (got <= 0) {
    leave(c);
    return;
  }
  size_t length = old + (size_t)got, offset = 0, used;
  reply_length = 0;
  do {
    used = c->upgraded ? one_frame(rx + offset, length - offset)
                       : one_request(c, rx + offset, length - offset);
    offset += used;
  } while (used);
  if (old || offset < length) keep_rest(c, rx + offset, length - offset);
  if (reply_length) send_all(c->fd, reply, reply_length);
}

static void on_connect(void) {
  int fd = accept(listener, NULL, NULL), yes = 1;
  if (fd < 0) return;
  Conn *c = count < CONNS_MAX ? calloc(1, sizeof *c) : NULL;
  if (!c) {
    close(fd);
    return;
  }
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  c->fd = fd;
  c->place = count;
  conns[count++] = c;
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
  epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event);
}

static int listen_on(int port) {
  int yes = 1;
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  listener = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  epoll_fd = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  return bind(listener, (struct sockaddr *)&at, sizeof at) == 0 && listen(listener, 4096) == 0
      && epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listener, &event) == 0;
}

int main(int argc, char **argv) {
  if (argc != 2 || atoi(argv[1]) < 1 || atoi(argv[1]) > 65535) {
    fprintf(stderr, "usage: limit PORT\n");
    return 2;
  }
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  if (!listen_on(atoi(argv[1]))) {
    perror("limit");
    return 1;
  }
  for (;;) {
    static struct epoll_event events[512];
    int n = epoll_wait(epoll_fd, events, 512, -1);
    for (int i = 0; i < n; i++) {
      if (events[i].data.ptr) on_readable(events[i].data.ptr);
      else on_connect();
    }
    flush_broadcasts();
  }
}
