package io.dormouse.plugins.chat;

import io.dormouse.api.Namespace;
import io.dormouse.api.Plugin;
import io.dormouse.api.PluginContext;

/** A small chat with rooms, private messages and a page. */
public final class Chat implements Plugin {
  @Override
  public void start(PluginContext context) {
    ChatSettings settings = context.configuration(ChatSettings.class);
    Namespace chat = context.namespace("/chat");
    People people = new People(chat);
    Rooms rooms = new Rooms(context.state(), context.logger(), people, settings);
    chat.handlers(new ChatNamespace(chat, people, rooms));
  }
}
