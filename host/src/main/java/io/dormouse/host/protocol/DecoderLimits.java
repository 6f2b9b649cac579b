package io.dormouse.host.protocol;

/**
 * What a client's packet may have at most. The transport limits its size, and so that of a string.
 *
 * @param maxAttachments binary attachments of a packet
 * @param maxNesting arrays and objects inside each other, the packet's own array among them
 * @param maxNamespaceLength bytes of a namespace's name, its query among them
 * @param maxNumberLength characters of a number
 * @param maxKeyLength characters of an object's key
 */
public record DecoderLimits(
    int maxAttachments,
    int maxNesting,
    int maxNamespaceLength,
    int maxNumberLength,
    int maxKeyLength) {
  /** Attachments as Node's parser has them; a nesting that no real payload reaches. */
  public static DecoderLimits defaults() {
    return new DecoderLimits(10, 64, 255, 1_000, 1_000);
  }
}
