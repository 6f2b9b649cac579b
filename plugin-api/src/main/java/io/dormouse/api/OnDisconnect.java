package io.dormouse.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Called when a socket has left; see {@link Namespace#onDisconnect}. The method takes a {@link
 * Socket}, a {@link DisconnectReason}, both in this order, or nothing.
 *
 * {@snippet class="AnnotatedExample" region="on-disconnect"}
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface OnDisconnect {}
