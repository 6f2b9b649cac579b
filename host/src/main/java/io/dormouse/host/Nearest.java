package io.dormouse.host;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses which name was meant by one that does not exist. */
final class Nearest {
  private Nearest() {}

  /** Empty when none is near. */
  static Optional<String> of(String unknown, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(name -> distance(unknown, name)))
        .filter(name -> distance(unknown, name) <= Math.max(2, name.length() / 3));
  }

  /** How many letters must be changed, added or left out (Levenshtein). */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
