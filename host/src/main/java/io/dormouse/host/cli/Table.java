package io.dormouse.host.cli;

import io.dormouse.host.cli.Terminal.Look;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Columns for people. Where a terminal is narrower than the table, the columns that may be cut are,
 * down to a minimum; elsewhere nothing is. Rows may be printed in portions, which keep the widths
 * of the first where they fit.
 */
final class Table {
  private static final String GAP = "  ";
  private static final int LEAST_WIDTH = 8;

  /** A cell and how it looks. */
  record Cell(String text, Look look) {
    static Cell of(String text) {
      return new Cell(text, Look.PLAIN);
    }
  }

  private final Terminal terminal;
  private final String indent;
  private final List<String> titles;
  private final List<List<Cell>> rows = new ArrayList<>();
  private final int[] widths;
  private final boolean[] cuttable;
  private boolean titled;

  Table(Terminal terminal, String... titles) {
    this(terminal, "", titles);
  }

  private Table(Terminal terminal, String indent, String... titles) {
    this.terminal = terminal;
    this.indent = indent;
    this.titles = List.of(titles);
    widths = this.titles.stream().mapToInt(Table::width).toArray();
    cuttable = new boolean[titles.length];
  }

  static Table indented(Terminal terminal, String... titles) {
    return new Table(terminal, "  ", titles);
  }

  Table mayCut(String... cut) {
    for (String title : cut) {
      cuttable[titles.indexOf(title)] = true;
    }
    return this;
  }

  Table row(String... cells) {
    return row(Arrays.stream(cells).map(Cell::of).toArray(Cell[]::new));
  }

  Table row(Cell... cells) {
    rows.add(
        Arrays.stream(cells)
            .map(cell -> new Cell(Terminal.line(cell.text()), cell.look()))
            .toList());
    return this;
  }

  /** Prints the rows that were added since the last time, under the titles if it is the first. */
  void print() {
    for (List<Cell> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], width(row.get(i).text()));
      }
    }
    int[] shown = fitted();
    if (!titled) {
      titled = true;
      print(titles.stream().map(title -> new Cell(title, Look.BOLD)).toList(), shown);
    }
    rows.forEach(row -> print(row, shown));
    rows.clear();
  }

  private int[] fitted() {
    int[] shown = widths.clone();
    int tooMuch = indent.length() + Arrays.stream(shown).sum() + GAP.length() * (shown.length - 1);
    tooMuch -= terminal.columns();
    for (; terminal.columns() > 0 && tooMuch > 0; tooMuch--) {
      int widest = -1;
      for (int i = 0; i < shown.length; i++) {
        if (cuttable[i] && shown[i] > (widest < 0 ? LEAST_WIDTH : shown[widest])) {
          widest = i;
        }
      }
      if (widest < 0) {
        break;
      }
      shown[widest]--;
    }
    return shown;
  }

  private void print(List<Cell> row, int[] shown) {
    StringBuilder line = new StringBuilder(indent);
    for (int i = 0; i < shown.length; i++) {
      Cell cell = row.get(i);
      String text = cut(cell.text(), shown[i]);
      line.append(terminal.painted(text, cell.look()));
      if (i < shown.length - 1) {
        line.append(" ".repeat(shown[i] - width(text))).append(GAP);
      }
    }
    terminal.print(line.toString().stripTrailing());
  }

  private static String cut(String text, int width) {
    return width(text) <= width
        ? text
        : text.substring(0, text.offsetByCodePoints(0, width - 3)) + "...";
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
