package io.dormouse.host.hook;

import io.helidon.common.socket.SocketOptions;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webclient.api.DnsAddressLookup;
import io.helidon.webclient.api.HttpClientResponse;
import io.helidon.webclient.api.Proxy;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webclient.spi.DnsResolver;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Calls one endpoint. Each call has a connection of its own, to the very address that was looked up
 * and checked for it; follows no redirect, asks no proxy, and reads nothing of the answer but its
 * head, of 16 KB at most.
 */
final class HookClient {
  /** Asks DNS. */
  interface Lookup {
    InetAddress[] all(String host) throws UnknownHostException;
  }

  /** No address may be called. */
  private static final class PrivateAddress extends RuntimeException {}

  private static final Duration LONGEST_WAIT = Duration.ofDays(1);
  private static final HeaderName ID = HeaderNames.create("webhook-id");
  private static final HeaderName TIMESTAMP = HeaderNames.create("webhook-timestamp");
  private static final HeaderName SIGNATURE = HeaderNames.create("webhook-signature");

  private final HookSettings settings;
  private final Lookup lookup;
  private final Http1Client client;

  HookClient(HookSettings settings, Lookup lookup) {
    this.settings = settings;
    this.lookup = lookup;
    client =
        Http1Client.builder()
            .followRedirects(false)
            .keepAlive(false)
            .shareConnectionCache(false)
            .sendExpectContinue(false)
            .proxy(Proxy.noProxy())
            .dnsResolver(new CheckedResolver())
            .socketOptions(
                SocketOptions.builder()
                    .connectTimeout(settings.timeout())
                    .readTimeout(settings.timeout())
                    .build())
            .build();
  }

  /** Helidon connects to what this returns, and to nothing else. */
  private final class CheckedResolver implements DnsResolver {
    @Override
    public InetAddress resolveAddress(String host, DnsAddressLookup preference) {
      InetAddress[] all;
      try {
        all = preference.filter(lookup.all(host));
      } catch (UnknownHostException unknown) {
        throw new IllegalStateException(unknown);
      }
      return Arrays.stream(all)
          .filter(address -> settings.privateAllowed() || PublicAddress.is(address))
          .findFirst()
          .orElseThrow(PrivateAddress::new);
    }
  }

  /**
   * Sends one event once, signed as of now.
   *
   * @param limit for all of it, the look-up included
   */
  Answer call(Delivery delivery, Duration limit) throws InterruptedException {
    FutureTask<Answer> exchange = new FutureTask<>(() -> exchange(delivery));
    Thread.ofVirtual().name("hook call " + settings.name()).start(exchange);
    try {
      return exchange.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      return late();
    } catch (ExecutionException e) {
      return failed(e.getCause() == null ? e : e.getCause());
    } finally {
      // Closes the connection when the call is still under way.
      exchange.cancel(true);
    }
  }

  private Answer exchange(Delivery delivery) {
    long now = Instant.now().getEpochSecond();
    String signature = settings.signer().sign(delivery.id(), now, delivery.body());
    try (HttpClientResponse response =
        client
            .post()
            .uri(settings.url())
            .header(HeaderNames.CONTENT_TYPE, EventJson.MEDIA_TYPE)
            .header(HeaderNames.USER_AGENT, "Dormouse")
            .header(ID, delivery.id())
            .header(TIMESTAMP, Long.toString(now))
            .header(SIGNATURE, signature)
            .submit(delivery.body())) {
      String after = response.headers().first(HeaderNames.RETRY_AFTER).orElse(null);
      return answer(
          response.status().code(), after == null ? null : wait(after), delivery.isQuestion());
    }
  }

  private static Answer answer(int status, @Nullable Duration retryAfter, boolean isQuestion) {
    if (status >= 200 && status < 300) {
      return Answer.TAKEN;
    }
    String reason = "status " + status;
    if (status == 409 && isQuestion) {
      return Answer.veto(retryAfter);
    }
    if (status >= 500 || status == 408 || status == 425 || status == 429) {
      return Answer.again(HookErrorCode.HOOK_FAILED, retryAfter, reason);
    }
    return Answer.never(
        status >= 300 && status < 400 ? HookErrorCode.HOOK_REDIRECTED : HookErrorCode.HOOK_REFUSED,
        reason);
  }

  private static Answer late() {
    return Answer.again(HookErrorCode.HOOK_TIMEOUT, null, "no answer in time");
  }

  private static Answer failed(Throwable failure) {
    Throwable cause = failure;
    for (Throwable next = failure; next != null; next = next.getCause()) {
      cause = next;
      if (next instanceof PrivateAddress) {
        return Answer.never(
            HookErrorCode.HOOK_PRIVATE_ADDRESS, "its address is private, which is not allowed");
      }
      if (next instanceof SocketTimeoutException) {
        return late();
      }
      if (next instanceof SSLException) {
        return Answer.again(HookErrorCode.HOOK_UNTRUSTED, null, "TLS failed: " + next.getMessage());
      }
    }
    return Answer.again(
        HookErrorCode.HOOK_UNREACHABLE,
        null,
        "no connection or a broken one (" + cause.getClass().getSimpleName() + ")");
  }

  /** Seconds, or a date (RFC 9110, 10.2.3); null for anything else. */
  static @Nullable Duration wait(String retryAfter) {
    String text = retryAfter.strip();
    try {
      Duration wait =
          text.matches("\\d{1,9}")
              ? Duration.ofSeconds(Long.parseLong(text))
              : Duration.between(
                  Instant.now(),
                  ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
      return wait.isNegative()
          ? Duration.ZERO
          : wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    } catch (DateTimeParseException _) {
      return null;
    }
  }
}
