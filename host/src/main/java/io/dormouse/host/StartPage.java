package io.dormouse.host;

import io.dormouse.host.plugin.PluginState;
import io.dormouse.host.plugin.PluginStatus;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The page at {@code /}: which plugins have pages, and what to do when none has. */
final class StartPage {
  private static final String STYLE =
      """
      :root { color-scheme: light dark; --ink: #22201d; --soft: #6f6a63; --paper: #f6f3ee;
        --card: #fff; --line: #e2dcd2; --accent: #a4570a; }
      @media (prefers-color-scheme: dark) { :root { --ink: #ece7df; --soft: #a39c92;
        --paper: #191715; --card: #23201d; --line: #38332d; --accent: #f0a45a; } }
      * { box-sizing: border-box; }
      body { margin: 0; background: var(--paper); color: var(--ink);
        font: 1rem/1.5 system-ui, sans-serif; }
      main { max-width: 44rem; margin: 0 auto; padding: clamp(1.5rem, 6vw, 4rem) 1.25rem; }
      h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .25rem; letter-spacing: -.02em; }
      h2 { font-size: 1rem; margin: 2.5rem 0 .5rem; color: var(--soft); font-weight: 600; }
      p { margin: 0; color: var(--soft); }
      ul { list-style: none; margin: 2rem 0 0; padding: 0; display: grid; gap: .75rem; }
      h2 + ul { margin-top: 0; gap: .25rem; }
      .card { display: block; padding: 1rem 1.25rem; background: var(--card); color: inherit;
        border: 1px solid var(--line); border-radius: .75rem; text-decoration: none; }
      .card:hover, .card:focus-visible { border-color: var(--accent); outline: none;
        box-shadow: 0 0 0 1px var(--accent); }
      .card strong { color: var(--accent); font-size: 1.125rem; }
      small { color: var(--soft); font-size: .875rem; overflow-wrap: anywhere; }
      code { font: .875em ui-monospace, monospace; overflow-wrap: anywhere; }
      """;

  private StartPage() {}

  static String render(List<PluginStatus> plugins) {
    List<PluginStatus> running = plugins.stream().filter(StartPage::serves).toList();
    List<PluginStatus> pages = running.stream().filter(PluginStatus::page).toList();
    List<PluginStatus> others = running.stream().filter(plugin -> !plugin.page()).toList();
    StringBuilder html = new StringBuilder(4096);
    html.append(
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Dormouse</title>
        <link rel="icon" href="data:,">
        <style>
        %s</style>
        </head>
        <body>
        <main>
        <h1>Dormouse</h1>
        """
            .formatted(STYLE));
    if (pages.isEmpty()) {
      html.append(
          """
          <p>The host is running, but none of its plugins has a page. A plugin with a file
          <code>web/index.html</code> in its JAR appears here: put the JAR into the plugins folder
          and reload this page.</p>
          """);
    } else {
      html.append("<p>The host is running. These plugins have pages:</p>\n<ul>\n");
      for (PluginStatus plugin : pages) {
        html.append("<li><a class=\"card\" href=\"plugins/%s/\">".formatted(segment(plugin)));
        html.append("<strong>%s</strong>".formatted(escape(plugin.id())));
        html.append("<br><small>%s</small></a></li>\n".formatted(details(plugin)));
      }
      html.append("</ul>\n");
    }
    if (!others.isEmpty()) {
      html.append("<h2>Without a page</h2>\n<ul>\n");
      for (PluginStatus plugin : others) {
        html.append(
            "<li>%s <small>%s</small></li>\n".formatted(escape(plugin.id()), details(plugin)));
      }
      html.append("</ul>\n");
    }
    return html.append("</main>\n</body>\n</html>\n").toString();
  }

  private static boolean serves(PluginStatus plugin) {
    return plugin.state() == PluginState.ACTIVE || plugin.state() == PluginState.HIBERNATED;
  }

  private static String details(PluginStatus plugin) {
    return escape(plugin.version() + " · " + String.join(" ", plugin.namespaces()));
  }

  private static String segment(PluginStatus plugin) {
    return URLEncoder.encode(String.valueOf(plugin.id()), StandardCharsets.UTF_8)
        .replace("+", "%20");
  }

  private static String escape(@Nullable String text) {
    return String.valueOf(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
