package io.dormouse.host.lifecycle;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How fast clients are moved: so many a second, or a share of those that are there at the start.
 *
 * @param amount clients, or percent
 */
public record Pace(double amount, boolean isShare) {
  /** What a pace looks like, for messages. */
  public static final String FORM = "clients a second such as 500/s, or a share such as 10%/s";

  /** Below which a share need not go: so few stampede nobody. */
  static final double LEAST_OF_SHARE = 50;

  private static final Pattern TEXT = Pattern.compile("(\\d{1,7}(?:\\.\\d{1,3})?)(%?)/s");

  /** Null when the text is no pace. */
  public static @Nullable Pace parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      return null;
    }
    double amount = Double.parseDouble(matcher.group(1));
    boolean share = !matcher.group(2).isEmpty();
    return amount <= 0 || (share && amount > 100) ? null : new Pace(amount, share);
  }

  /** Clients a second, of so many. */
  double perSecond(int clients) {
    return isShare ? Math.max(LEAST_OF_SHARE, clients * amount / 100) : amount;
  }

  @Override
  public String toString() {
    String number = amount == Math.rint(amount) ? Long.toString((long) amount) : "" + amount;
    return number + (isShare ? "%/s" : "/s");
  }
}
